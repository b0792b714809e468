import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

/** What every command needs first: dependencies as locked, and a build of the sources as they are. */
export async function bootstrap() {
  await ensureInstalled();
  await ensureBuilt();
}
