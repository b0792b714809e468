import { rmSync } from 'node:fs';
import { findPostgresHome } from './place-postgres-home.ts';

/**
 * Deletes a data folder with all that belongs to it, a cluster included that had to be placed elsewhere (see
 * placePostgresHome). Stop its servers first. A folder that is not there is fine.
 */
export function removeDataDir(dataDir: string): void {
  rmSync(findPostgresHome(dataDir), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}
