import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildStamp } from './build-stamp.mjs';
import { rootFolder } from './root-folder.mjs';
import { runChild } from './run-child.mjs';

const STAMP_FILE = join(rootFolder, 'node_modules', '.cache', 'posthorn', 'build-stamp.json');
const TURBO = join(rootFolder, 'node_modules', 'turbo', 'bin', 'turbo');
const QUIET = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };

// Exit codes above this are signals: the user stopped it, and needs no explanation.
const SIGNALLED = 128;

/** Builds what has changed since the last build; nothing at all when nothing has. Ends the process when it fails. */
export async function ensureBuilt() {
  const before = buildStamp();
  if (JSON.stringify(before) === readStamp()) return;
  console.log('posthorn: building what has changed');
  // Gone while the build runs: one that is interrupted must not pass for done.
  rmSync(STAMP_FILE, { force: true });
  const code = await runChild(
    process.execPath,
    [TURBO, 'run', 'build', '--ui=stream', '--output-logs=errors-only'],
    QUIET,
  );
  if (code > SIGNALLED) process.exit(code);
  if (code !== 0) {
    console.error(`\nposthorn: the build failed (exit code ${code}); the compiler's reason is above.`);
    process.exit(code);
  }
  mkdirSync(dirname(STAMP_FILE), { recursive: true });
  writeFileSync(STAMP_FILE, JSON.stringify({ sources: before.sources, outputs: buildStamp().outputs }));
}

function readStamp() {
  try {
    return readFileSync(STAMP_FILE, 'utf8');
  } catch {
    return undefined;
  }
}
