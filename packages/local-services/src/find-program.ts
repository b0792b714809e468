import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether this user may run the file. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first program of one of these names in the folders of `search`, as PATH spells them. */
export const findProgram = (search: string, names: readonly string[]): string | undefined =>
  search
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isProgram);
