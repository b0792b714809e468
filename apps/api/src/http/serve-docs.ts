import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Express } from 'express';
import { sendAnswer } from './answer.ts';
import { errorCatalog } from './error-catalog.ts';

const ASSETS = '/docs/assets';
const ASSETS_MAX_AGE_SECONDS = 3_600;
const ICON = 'favicon-32x32.png';
const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
/** What the pages load; the package holds more, which is nobody's business. */
const assetTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': SCRIPT,
  [ICON]: 'image/png',
};

const page = (title: string, head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${title}</title>${head}</head><body>${body}</body></html>`;

const referencePage = page(
  'Posthorn API',
  `<link rel="stylesheet" href="${ASSETS}/swagger-ui.css"><link rel="icon" href="${ASSETS}/${ICON}">`,
  `<div id="docs"></div><script src="${ASSETS}/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>`,
);

/** A file of its own, since the page's policy lets no script stand in the page. */
const startScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });`;

const errorRows = Object.entries(errorCatalog)
  .map(
    ([code, { status, detail }]) =>
      `<h2 id="${code}">${code}</h2><p>HTTP ${status}. ${detail.replaceAll('<', '&lt;')}</p>`,
  )
  .join('');
const errorsPage = page(
  'Posthorn API: errors',
  '',
  '<h1>Errors</h1><p>Every refusal is <code>application/problem+json</code> (RFC 9457) with one of these codes. ' +
    `Its <code>ref</code> is also the header X-Request-Id; name it when you report a problem.</p>${errorRows}`,
);

/** The reference for people: Swagger UI from this server's own files, and a page that explains every error. */
export function serveDocs(app: Express): void {
  const require = createRequire(import.meta.url);
  const assets = dirname(require.resolve('swagger-ui-dist/package.json'));
  const serve = (path: string, type: string, content: string | Buffer, headers: Record<string, string> = {}): void =>
    void app.get(path, (_request, response) => sendAnswer(response, { status: 200, text: { type, content }, headers }));
  serve('/docs', HTML, referencePage);
  serve('/docs/start.js', SCRIPT, startScript);
  serve('/docs/errors', HTML, errorsPage);
  for (const [name, type] of Object.entries(assetTypes)) {
    const content = readFileSync(join(assets, name));
    const cached = { 'Cache-Control': `public, max-age=${ASSETS_MAX_AGE_SECONDS}` };
    serve(`${ASSETS}/${name}`, type, content, cached);
    // Browsers ask for it on every page; one that is missing would stand in their logs.
    if (name === ICON) serve('/favicon.ico', type, content, cached);
  }
}
