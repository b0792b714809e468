import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from './root-folder.mjs';

const WORKSPACES = ['apps', 'packages'];
const ROOT_FILES = /^(package\.json|package-lock\.json|turbo\.json|tsconfig.*\.json)$/;
const OUTPUT_FOLDERS = new Set(['dist', 'generated']);
const IGNORED = new Set(['node_modules', 'test', 'coverage', '.turbo', '.posthorn']);

/**
 * Two texts that change when a file that goes into the build, or one that came out of it, is added, removed or
 * touched: name, size and times of each, which no edit leaves as they were. Contents are not read: this runs at every start.
 */
export function buildStamp() {
  const sources = createHash('sha256');
  const outputs = createHash('sha256');
  const rootFiles = readdirSync(rootFolder).filter((name) => ROOT_FILES.test(name));
  for (const name of rootFiles.sort()) add(sources, name);
  for (const folder of [...WORKSPACES, 'prisma']) walk(folder, sources, outputs, false);
  return { sources: sources.digest('hex'), outputs: outputs.digest('hex') };
}

function walk(folder, sources, outputs, isOutput) {
  for (const entry of list(folder)) {
    if (IGNORED.has(entry.name)) continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(path, sources, outputs, isOutput || OUTPUT_FOLDERS.has(entry.name));
    else if (!entry.name.endsWith('.tsbuildinfo')) add(isOutput ? outputs : sources, path);
  }
}

function list(folder) {
  try {
    const entries = readdirSync(join(rootFolder, folder), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function add(hash, path) {
  const { size, mtimeMs, ctimeMs } = lstatSync(join(rootFolder, path));
  hash.update(`${path}\0${size}\0${mtimeMs}\0${ctimeMs}\n`);
}
