import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from './root-folder.mjs';
import { runChild } from './run-child.mjs';

// Exit codes above this are signals: the user stopped it, and needs no explanation.
const SIGNALLED = 128;

/**
 * Installs the dependencies when node_modules does not hold what package-lock.json says.
 * Ends the process with what to do when that fails.
 */
export async function ensureInstalled() {
  const installed = readLock(join(rootFolder, 'node_modules', '.package-lock.json'));
  const wanted = readLock(join(rootFolder, 'package-lock.json'));
  if (installed && holds(installed, wanted)) return;
  // npm ci first deletes what is there: only where nothing usable is, or a broken network would cost a working tree.
  const command = installed ? ['install', '--no-save'] : [wanted ? 'ci' : 'install'];
  console.log(
    `posthorn: ${installed ? 'updating' : 'installing'} dependencies${installed ? '' : ' (first start only)'}`,
  );
  const code = await npm([...command, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code === 0) return;
  if (code > SIGNALLED) process.exit(code);
  console.error(
    `\nposthorn: the dependencies could not be installed (npm ended with exit code ${code}; its reason is above).\n` +
      'This needs a package registry: check the network, the proxy settings and `npm config get registry`,\n' +
      'then run the same command again.',
  );
  process.exit(code);
}

// npm writes what it installed to node_modules/.package-lock.json, in the lock file's own words.
function holds(installed, wanted) {
  return Object.entries(wanted ?? {}).every(([place, { version, integrity, optional }]) => {
    if (!place.includes('node_modules/')) return true;
    const found = installed[place];
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function npm(args) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? runChild(process.execPath, [cli, ...args]) : runChild('npm', args);
}
