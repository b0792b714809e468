import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
// @ts-expect-error plain JavaScript, without types
import { findProblems } from '../../scripts/docs/find-problems.mjs';

const root = join(import.meta.dirname, '../..');

test('Every page says what the code says', () => {
  const output = execFileSync(process.execPath, ['scripts/check-docs.mjs'], { cwd: root, encoding: 'utf8' });
  expect(output).toMatch(/^docs: \d+ pages, 0 problems\n$/);
});

describe('A page that is wrong is found', () => {
  const find = findProblems as (facts: object) => string[];
  /** Facts in which every page that must explain something does. */
  const problemsOf = (page: string): string[] =>
    find({
      pages: new Map([
        ['docs/page.md', page],
        ['docs/other.md', '# One & two\n\n## not_found'],
        ['docs/operations.md', '`posthorn_attempt_seconds`'],
      ]),
      files: new Set([
        'docs/page.md',
        'docs/other.md',
        'package.json',
        'apps/api/src/main.ts',
        'packages/wire/src/sign.ts',
      ]),
      scripts: ['start', 'check'],
      checks: [],
      composeExample: 'POSTGRES_PASSWORD=\n',
      sources: 'const MAX_ROWS = 5;',
      settings: { DATABASE_URL: {} },
      routes: [
        { method: 'GET', path: '/v1/events/{id}' },
        { method: 'POST', path: '/v1/events' },
      ],
      errors: {},
      statuses: [],
      outcomes: [],
      metrics: ['posthorn_attempt_seconds'],
    });

  const right = [
    'see [other](other.md), [part](other.md#one--two), [that](other.md#not_found), [web](https://example.com)',
    'in `apps/api/src/main.ts`, `apps/api/dist/main.js`, `packages/{wire,wire}/src/sign.ts`, `packages/*/src/sign.ts`, `main.ts`',
    '`npm start`, `npm run check`',
    '`DATABASE_URL`, `POSTGRES_PASSWORD`, `MAX_ROWS`',
    '`POST /v1/events`, `GET /v1/events/{id}`, `GET /v1/events/evt_01`, `GET /v1/events/$ID?x=1`, http://localhost:8080/docs',
    '`posthorn_attempt_seconds`, `posthorn_attempt_seconds_bucket`',
  ];
  test.each(right)('right: %s', (line) => {
    expect(problemsOf(line)).toEqual([]);
  });

  const wrong: [line: string, problem: RegExp][] = [
    ['[gone](gone.md)', /gone\.md leads nowhere/],
    ['[part](other.md#three)', /no heading #three/],
    ['`apps/api/src/gone.ts`', /there is no apps\/api\/src\/gone\.ts/],
    ['`packages/{wire,gone}/src/sign.ts`', /there is no packages/],
    ['`gone.yml`', /there is no gone\.yml/],
    ['node scripts/gone.mjs', /there is no scripts\/gone\.mjs/],
    ['`npm run gone`', /no script gone/],
    ['`npm test`', /no script test/],
    ['`npm run check -- gone`', /no check gone/],
    ['`REDIS_URI`', /REDIS_URI is neither/],
    ['`GET /v1/gone`', /no route \/v1\/gone/],
    ['`DELETE /v1/events`', /no DELETE/],
    ['curl http://localhost:8080/v1/gone', /no route \/v1\/gone/],
    ['a 409 `conflict`', /no error code conflict/],
    ['{"code": "gone"}', /no error code gone/],
    ['`posthorn_gone_total`', /no metric posthorn_gone_total/],
  ];
  test.each(wrong)('wrong: %s', (line, problem) => {
    expect(problemsOf(`first line\n${line}`)).toEqual([expect.stringMatching(problem)]);
    expect(problemsOf(`first line\n${line}`)[0]).toMatch(/^docs\/page\.md:2: /);
  });
});
