// The bill of materials names everything that runs in production, and nothing that only those who build Posthorn run.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

interface Locked {
  readonly version?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};

/** Where Node.js finds a package that is asked for in a folder. */
function find(folder: string, name: string): string {
  for (let at = folder; ; at = at.replace(/(^|\/)[^/]*$/, '')) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    const entry = packages[path];
    if (entry) return entry.link ? (entry.resolved ?? '') : path;
    if (at === '') throw new Error(`${folder} finds no ${name}`);
  }
}

/** Everything that these folders need, themselves included, as `name@version`. */
function closureOf(folders: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const name of Object.keys(packages[folder]?.dependencies ?? {})) visit(find(folder, name));
  };
  folders.forEach(visit);
  const third = [...seen].filter((folder) => folder.includes('node_modules/'));
  return new Set(third.map((folder) => `${folder.replace(/^.*node_modules\//, '')}@${packages[folder]?.version}`));
}

test('npm run sbom names what API and dispatcher need, in the locked versions, and no tool', () => {
  const text = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 });
  const bill = JSON.parse(text) as { bomFormat: string; components: { purl: string }[] };
  expect(bill.bomFormat).toBe('CycloneDX');
  const named = bill.components.map(({ purl }) => decodeURIComponent(purl.replace('pkg:npm/', '').replace(/\?.*/, '')));
  const needed = closureOf(['apps/api', 'apps/dispatcher']);
  for (const name of ['express', 'bullmq', 'ioredis', '@prisma/client', 'zod', 'got', 'winston', 'pg']) {
    expect([...needed].filter((each) => each.startsWith(`${name}@`))).not.toEqual([]);
  }
  expect([...needed].filter((each) => !named.includes(each))).toEqual([]);
  expect(named.filter((each) => /^(jest|turbo|typescript|@biomejs\/biome|@peculiar\/x509)@/.test(each))).toEqual([]);
});
