import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeAct, loggedActs } from '../src/settings/describe-act.ts';

const ROUTES = join(import.meta.dirname, '../../api/src/routes');
const STORE = join(import.meta.dirname, '../../../packages/store/src');
const CHANGES =
  /method: '(?:post|put|patch|delete)',(?:(?!method:)[\s\S])*?operationId: (?:'(\w+)'|`(\w+)\$\{suffix\}`)/g;

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Operations that are posts only because their question is long. */
const CHANGE_NOTHING = new Set(['checkSignature']);

const operations = sourcesIn(ROUTES)
  .flatMap((source) => [...source.matchAll(CHANGES)])
  .flatMap(([, id, prefix]) => (id === undefined ? [`${prefix}Endpoint`, `${prefix}Webhook`] : [id]))
  .filter((id) => !CHANGE_NOTHING.has(id));
/** What Posthorn does by itself. */
const own = sourcesIn(STORE)
  .flatMap((source) => [...source.matchAll(/'posthorn', '(\w+)'/g)])
  .map(([, id]) => id ?? '');

test('The operations were found', () => {
  expect(operations.length).toBeGreaterThan(25);
  expect(operations).toEqual(expect.arrayContaining(['createTenant', 'updateWebhook', 'deleteProfile', 'signOut']));
  expect(own).toEqual(expect.arrayContaining(['disableEndpoint', 'enableEndpoint']));
});

test('Every operation that changes something is told in words', () => {
  const untold = [...operations, ...own].filter((action) => describeAct({ action, fields: [] }) === action);
  expect(untold).toEqual([]);
});

test('A change says which fields were given', () => {
  const told = (action: string, fields: string[]): string => describeAct({ action, fields });
  expect(told('updateEndpoint', ['url'])).toBe('changed the URL of an endpoint');
  expect(told('updateEndpoint', ['url', 'events', 'rate_limit'])).toBe(
    'changed the URL, event types and rate limit of an endpoint',
  );
  expect(told('updateWebhook', ['status'])).toBe('enabled or disabled an endpoint');
  expect(told('updateTenant', ['email', 'quotas'])).toBe('changed the e-mail address and quotas of the tenant');
});

test.each(['launchRocket', 'toString', '__proto__', ''])(
  'An operation that nobody knows keeps its id: %j',
  (action) => {
    expect(describeAct({ action, fields: ['a'] })).toBe(action);
  },
);

test('The filter offers every operation that leaves an entry, in words', () => {
  const values = loggedActs.map(({ value }) => value);
  expect(values).toEqual(expect.arrayContaining(['rotateSecret', 'disableEndpoint', 'revokeApiKey']));
  expect(values).not.toContain('postEvent');
});
