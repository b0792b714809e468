// npm run sbom: prints the bill of materials of what runs in production, in CycloneDX. npm makes it; but of a package that
// anything of ours also uses for development it would leave everything out, so it is shown a copy without those parts.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder } from './root-folder.mjs';

/** Workspaces that people who build Posthorn run, and nobody else. */
const TOOLS = new Set(['apps/bench', 'packages/testkit']);

const readJson = (file) => JSON.parse(readFileSync(join(rootFolder, file), 'utf8'));
const lock = readJson('package-lock.json');
const workspaces = Object.keys(lock.packages).filter(
  (path) => /^(apps|packages)\/[^/]+$/.test(path) && !TOOLS.has(path),
);
const folder = mkdtempSync(join(tmpdir(), 'posthorn-sbom-'));
const writeManifest = (path, more) => {
  const { devDependencies: _, scripts: __, ...manifest } = readJson(join(path, 'package.json'));
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify({ ...manifest, ...more }));
};
const npm = (...args) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', maxBuffer: 64_000_000 });
try {
  writeManifest('.', { workspaces });
  for (const path of workspaces) writeManifest(path, {});
  cpSync(join(rootFolder, 'package-lock.json'), join(folder, 'package-lock.json'));
  // Takes out of the copied lock what nothing needs any more; versions stay as they are locked.
  npm('install', '--package-lock-only', '--ignore-scripts', '--offline', '--no-audit', '--no-fund');
  process.stdout.write(npm('sbom', '--package-lock-only', '--sbom-format=cyclonedx'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
