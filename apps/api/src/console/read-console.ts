import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';

/** A file of the console, ready to be sent. */
export interface ConsoleFile {
  readonly type: string;
  readonly content: Buffer;
  /** As the build packed it; `null` where it did not, or where that is no smaller. */
  readonly gzipped: Buffer | null;
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
/** How the packed files beside a file are called. */
const GZIP = '.gz';
const BROTLI = '.br';
const NOT_BUILT =
  '<!doctype html><html lang="en"><head><title>Posthorn</title></head><body><h1>The console is not built</h1>' +
  '<p>Run <code>npm run build</code>, then start the API again.</p></body></html>';

function readPacked(path: string, content: Buffer): Buffer | null {
  const packed = existsSync(path) ? readFileSync(path) : null;
  return packed && packed.length < content.length ? packed : null;
}

function readAsset(path: string): ConsoleFile {
  const content = readFileSync(path);
  return {
    type: types[extname(path)] ?? 'application/octet-stream',
    content,
    gzipped: readPacked(`${path}${GZIP}`, content),
    brotli: readPacked(`${path}${BROTLI}`, content),
  };
}

/** Reads the console's build. It is part of the process: a file that is asked for was there when the process started. */
export function readConsole(): ConsoleFiles {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@posthorn/console/package.json')), 'dist');
  if (!existsSync(join(folder, 'index.html'))) return { page: NOT_BUILT, assets: new Map() };
  const names = readdirSync(join(folder, 'assets')).filter((name) => ![GZIP, BROTLI].includes(extname(name)));
  return {
    page: readFileSync(join(folder, 'index.html'), 'utf8'),
    assets: new Map(names.map((name) => [name, readAsset(join(folder, 'assets', name))])),
  };
}
