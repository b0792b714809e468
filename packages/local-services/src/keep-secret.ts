import { readFileSync, writeFileSync } from 'node:fs';

const OWNER_ONLY = 0o600;

/**
 * Returns the text kept in `file`; where there is none, makes one with `make` and keeps it, readable by its owner only.
 * Throws when the file can neither be read nor written.
 */
export function keepSecret(file: string, make: () => string): string {
  try {
    const kept = readFileSync(file, 'utf8').trim();
    if (kept !== '') return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = make();
  writeFileSync(file, `${made}\n`, { mode: OWNER_ONLY });
  return made;
}
