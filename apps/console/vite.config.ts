import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the API is while the console is worked on (`npx vite`); in production the API serves the console itself. */
const api = process.env['POSTHORN_API'] ?? 'http://127.0.0.1:8080';

/** In the place of `posthorn-nonce` the API puts a new nonce with each answer. */
export default defineConfig({
  plugins: [react()],
  html: { cspNonce: 'posthorn-nonce' },
  server: { host: '127.0.0.1', proxy: { '/v1': api, '/docs': api, '/openapi.json': api } },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
});
