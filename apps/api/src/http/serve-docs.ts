import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Express } from 'express';
import { errorCatalog } from './error-catalog.ts';

const ASSETS = '/docs/assets';
const ASSETS_MAX_AGE = '1h';

const page = (title: string, head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${title}</title>${head}</head><body>${body}</body></html>`;

const referencePage = page(
  'Posthorn API',
  `<link rel="stylesheet" href="${ASSETS}/swagger-ui.css"><link rel="icon" href="${ASSETS}/favicon-32x32.png">`,
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
  app.get('/docs', (_request, response) => void response.type('html').send(referencePage));
  app.get('/docs/start.js', (_request, response) => void response.type('js').send(startScript));
  app.get('/docs/errors', (_request, response) => void response.type('html').send(errorsPage));
  // Browsers ask for it on every page; one that is missing would stand in their logs.
  app.get('/favicon.ico', (_request, response) => response.sendFile('favicon-32x32.png', { root: assets }));
  app.use(ASSETS, express.static(assets, { index: false, maxAge: ASSETS_MAX_AGE }));
}
