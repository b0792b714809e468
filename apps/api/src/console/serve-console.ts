import { randomBytes } from 'node:crypto';
import type { Express, Request, RequestHandler } from 'express';
import { sendAnswer } from '../http/answer.ts';
import { notFound } from '../http/app-error.ts';
import { guardPage } from '../http/guard-answer.ts';
import { type ConsoleFile, readConsole } from './read-console.ts';

/** Names of assets carry a digest of what is in them. */
const ASSETS_MAX_AGE_SECONDS = 31_536_000;
const NONCE_BYTES = 16;
/** Stands in the page where each answer's own nonce goes. */
const NONCE_PLACE = /posthorn-nonce/g;

/** Where the console has views; it finds out by itself which one an address names. */
const VIEWS = [
  '/',
  '/sign-in',
  '/webhooks{/*path}',
  '/events{/*path}',
  '/event-types{/*path}',
  '/settings{/*path}',
  '/signatures',
];

/** The smallest that the browser takes. */
function choosePacked({ brotli, gzipped }: ConsoleFile, request: Request) {
  if (brotli && request.acceptsEncodings('br') === 'br') return { encoding: 'br', packed: brotli };
  if (gzipped && request.acceptsEncodings('gzip') === 'gzip') return { encoding: 'gzip', packed: gzipped };
  return { encoding: 'identity', packed: null };
}

const sendAsset =
  (assets: ReadonlyMap<string, ConsoleFile>): RequestHandler =>
  (request, response) => {
    const asset = assets.get(String(request.params['name']));
    if (!asset) throw notFound();
    const { type, content } = asset;
    const { encoding, packed } = choosePacked(asset, request);
    sendAnswer(response, {
      status: 200,
      text: { type, content: packed ?? content },
      headers: {
        'Cache-Control': `public, max-age=${ASSETS_MAX_AGE_SECONDS}, immutable`,
        Vary: 'Accept-Encoding',
        ...(packed && { 'Content-Encoding': encoding }),
      },
    });
  };

/** Where there are no views: what is asked for there is asked for by programs, whatever they accept. */
const NO_VIEWS = /^\/(?:v1|docs|assets|openapi\.json|metrics|livez|readyz)(?:\/|$)/;

/** Whether a browser goes to an address, which names no view that is known here. */
const isVisit = ({ path, headers }: Request): boolean =>
  !NO_VIEWS.test(path) && (headers.accept ?? '').includes('text/html');

/** The console: one page for all of its views, and what that loads, from this server alone. */
export function serveConsole(app: Express): void {
  const { page, assets } = readConsole();
  const sendPage =
    (status: 200 | 404): RequestHandler =>
    (request, response, next) => {
      const nonce = randomBytes(NONCE_BYTES).toString('base64');
      guardPage(nonce)(request, response, (error?: unknown) => {
        if (error) return next(error);
        sendAnswer(response, {
          status,
          text: { type: 'text/html; charset=utf-8', content: page.replace(NONCE_PLACE, nonce) },
          headers: { 'Cache-Control': 'no-store' },
        });
      });
    };
  for (const view of VIEWS) app.get(view, sendPage(200));
  app.get('/assets/:name', sendAsset(assets));
  const sendNoView = sendPage(404);
  app.get('/{*path}', (request, response, next) => (isVisit(request) ? sendNoView(request, response, next) : next()));
}
