import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where the API is while the console is worked on (`npx vite`); in production the API serves the console itself. */
const api = process.env['POSTHORN_API'] ?? 'http://127.0.0.1:8080';

/** Small modules that so many parts share come in one file: each of its own costs an answer's head, and packs worse. */
const SHARED_BY_PARTS = 6;
const SMALL_BYTES = 20_000;
const PACKED = /\.(?:js|css|svg)$/;

/** Packs what browsers load as small as it gets, which takes too long when the API starts. */
const packAssets = (): Plugin => ({
  name: 'posthorn-pack-assets',
  apply: 'build',
  writeBundle({ dir = '' }) {
    const folder = join(dir, 'assets');
    for (const name of readdirSync(folder).filter((each) => PACKED.test(each))) {
      const content = readFileSync(join(folder, name));
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
      writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
    }
  },
});

/** In the place of `posthorn-nonce` the API puts a new nonce with each answer. */
export default defineConfig({
  plugins: [react(), packAssets()],
  html: { cspNonce: 'posthorn-nonce' },
  server: { host: '127.0.0.1', proxy: { '/v1': api, '/docs': api, '/openapi.json': api } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'initial', tags: ['$initial'] },
            { name: 'shared', minShareCount: SHARED_BY_PARTS, maxModuleSize: SMALL_BYTES },
          ],
        },
      },
    },
  },
});
