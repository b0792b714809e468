import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the console, ready to be sent. */
export interface ConsoleFile {
  readonly type: string;
  readonly content: Buffer;
  /** `null` where it would not be smaller. */
  readonly gzipped: Buffer | null;
  /** As the build packed it; `null` where it did not. */
  readonly brotli: Buffer | null;
}

export interface ConsoleFiles {
  /** The one page. */
  readonly page: string;
  /** By their names under `/assets`. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
/** How the packed file beside a file is called. */
const BROTLI = '.br';
const NOT_BUILT =
  '<!doctype html><html lang="en"><head><title>Posthorn</title></head><body><h1>The console is not built</h1>' +
  '<p>Run <code>npm run build</code>, then start the API again.</p></body></html>';

function readAsset(path: string): ConsoleFile {
  const content = readFileSync(path);
  const gzipped = gzipSync(content, { level: 9 });
  const type = types[extname(path)] ?? 'application/octet-stream';
  const brotli = existsSync(`${path}${BROTLI}`) ? readFileSync(`${path}${BROTLI}`) : null;
  return {
    type,
    content,
    gzipped: gzipped.length < content.length ? gzipped : null,
    brotli: brotli && brotli.length < content.length ? brotli : null,
  };
}

/** Reads the console's build. It is part of the process: a file that is asked for was there when the process started. */
export function readConsole(): ConsoleFiles {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@posthorn/console/package.json')), 'dist');
  if (!existsSync(join(folder, 'index.html'))) return { page: NOT_BUILT, assets: new Map() };
  const names = readdirSync(join(folder, 'assets')).filter((name) => !name.endsWith(BROTLI));
  return {
    page: readFileSync(join(folder, 'index.html'), 'utf8'),
    assets: new Map(names.map((name) => [name, readAsset(join(folder, 'assets', name))])),
  };
}
