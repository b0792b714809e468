import { delimiter, join, resolve } from 'node:path';
import { isProgram } from './find-program.ts';
import { type RedisBinary, redisBinary } from './redis-binary.ts';

const USUAL_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/opt/homebrew/bin'];
const PROGRAMS = ['redis-server', 'valkey-server'];

/**
 * Looks for a Redis 6.2+ or Valkey in the folders of `search` (as PATH spells them) and in the usual ones.
 * `search` given as '' looks nowhere. Returns the first that runs, undefined when there is none.
 */
export async function findRedis(search: string | undefined): Promise<RedisBinary | undefined> {
  const given = (search ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder));
  const folders = search === '' ? [] : [...new Set([...given, ...USUAL_FOLDERS])];
  for (const program of PROGRAMS) {
    for (const file of folders.map((folder) => join(folder, program)).filter(isProgram)) {
      const binary = await redisBinary(file);
      if (binary) return binary;
    }
  }
  return undefined;
}
