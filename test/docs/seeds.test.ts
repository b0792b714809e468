import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/seeds.md'), 'utf8');
const named = [...page.matchAll(/^- (T\d+): (\S+)(?: › (.+))?$/gm)].map(([, id, file, title]) => ({ id, file, title }));
const rows = page
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').slice(2, -1));

test.each(named)('$id names a test that exists: $file › $title', ({ file, title }) => {
  const source = readFileSync(join(root, file as string), 'utf8');
  if (title !== undefined) expect(source).toContain(title);
  expect(source).toMatch(/\btest(\.each)?\(/);
});

test('There is a row per system, and every cell names a test or says that the seed promises nothing', () => {
  expect(rows).toHaveLength(4);
  const known = new Set(named.map(({ id }) => id));
  for (const cell of rows.flat()) {
    const ids = cell.trim().split(' ');
    expect(cell.trim() === 'no promise' || ids.every((id) => known.has(id))).toBe(true);
  }
});

test('Every named test stands in the table or the text', () => {
  const body = page.slice(0, page.indexOf('- T1:'));
  for (const { id } of named) expect(body).toMatch(new RegExp(`\\b${id}\\b`));
});
