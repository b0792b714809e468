import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const EXECUTABLE = 0o755;
const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'];

/**
 * Does what the npm package's install script would have done, had npm run it: makes the symbolic links between shared
 * libraries that its `pg-symlinks.json` lists, and the programs executable. `native` is the folder with bin and lib.
 * Throws when the folder cannot be written.
 */
export function hydratePostgresLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  for (const program of PROGRAMS) chmodSync(join(native, 'bin', program), EXECUTABLE);
}
