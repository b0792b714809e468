import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
// @ts-expect-error plain JavaScript, without types
import { parseDockerfile } from '../../deploy/parse-dockerfile.mjs';

interface Step {
  readonly kind: string;
  readonly text: string;
  readonly from?: string;
  readonly sources: string[];
  readonly user?: string;
  readonly words?: string[];
}

const root = join(import.meta.dirname, '../..');
const parse = parseDockerfile as (source: string) => Step[];
const steps = parse(readFileSync(join(root, 'Dockerfile'), 'utf8'));
const of = (kind: string): Step[] => steps.filter((step) => step.kind === kind);
const workspaces = ['apps', 'packages'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
);

// deploy/rehearse-dockerfile.mjs runs the steps; this holds what can be seen without running them.
describe('Dockerfile', () => {
  test('the install sees the manifest of every workspace', () => {
    const copied = of('copy').flatMap(({ sources }) => sources);
    expect(copied).toEqual(expect.arrayContaining(workspaces.filter((path) => existsSync(join(root, path)))));
  });

  test('what it copies from the repository exists', () => {
    for (const { sources } of of('copy').filter(({ from }) => from === undefined)) {
      for (const source of sources) expect([source, existsSync(join(root, source))]).toEqual([source, true]);
    }
  });

  test('the image runs as a user without rights, is the API unless told otherwise, and says how it is', () => {
    const [lastFrom] = steps.map(({ kind }, index) => (kind === 'from' ? index : -1)).toSorted((a, b) => b - a);
    const image = steps.slice(lastFrom);
    expect(image.find(({ kind }) => kind === 'user')?.user).toBe('node');
    expect(image.find(({ kind }) => kind === 'cmd')?.words).toEqual(['api']);
    expect(image.some(({ kind }) => kind === 'healthcheck')).toBe(true);
    expect(image.some(({ text }) => text.includes('org.opencontainers.image.licenses'))).toBe(true);
  });

  test('nothing secret or local goes into the build context', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.env', '.posthorn', '**/node_modules', '**/dist']));
  });
});
