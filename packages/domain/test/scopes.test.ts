import { describe, expect, test } from '@jest/globals';
import { allowsScope, type Scope, scopes, tenantScopes } from '../src/scopes.ts';

// granted → everything it allows.
const table: [granted: Scope, allowed: Scope[]][] = [
  ['webhooks:read', ['webhooks:read']],
  ['webhooks:write', ['webhooks:read', 'webhooks:write']],
  ['events:write', ['events:write']],
  ['connections:read', ['connections:read']],
  ['connections:write', ['connections:read', 'connections:write']],
  ['usage:read', ['usage:read']],
  ['apps:admin', [...scopes]],
];

describe('A key with one scope', () => {
  test('the table names every scope', () => {
    expect(table.map(([granted]) => granted)).toEqual([...scopes]);
  });

  test.each(table)('%s allows %j', (granted, allowed) => {
    expect(scopes.filter((wanted) => allowsScope([granted], wanted))).toEqual(allowed);
  });
});

test('A key without scopes may do nothing', () => {
  expect(scopes.filter((wanted) => allowsScope([], wanted))).toEqual([]);
});

test("A tenant's key may have every scope but the operator's", () => {
  expect(tenantScopes).toEqual(scopes.filter((scope) => scope !== 'apps:admin'));
  expect(allowsScope(tenantScopes, 'apps:admin')).toBe(false);
});
