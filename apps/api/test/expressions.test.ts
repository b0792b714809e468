import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { createEndpointBody } from '@posthorn/http-api/endpoint';
import { createProfileBody } from '@posthorn/http-api/profile';
import { postRecoveryBody } from '@posthorn/http-api/recovery';
import { createTenantBody } from '@posthorn/http-api/tenant';
import { parseSync } from '@swc/core';
import fc from 'fast-check';
import { runWithBudget } from '../src/events/run-with-budget.ts';

/** Where texts of strangers go: tenants', receivers' and those of who knocks. Settings are the operator's own. */
const FOLDERS = [
  'apps/api',
  'apps/dispatcher',
  'packages/domain',
  'packages/http-api',
  'packages/queue',
  'packages/store',
  'packages/wire',
];
/** Made by tools, or run when the pages are written. */
const OURS_ALONE = /^(generated|verifiers)\//;
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Of a text that makes an expression backtrack. At this length what is quadratic takes seconds. */
const ATTACK_CHARACTERS = 30_000;
const BUDGET_MS = 150;
const SAMPLES = 3;
const MAX_PUMPED_PLACES = 12;

const sources = FOLDERS.flatMap((folder) =>
  (readdirSync(join(root, folder, 'src'), { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !OURS_ALONE.test(file))
    .map((file) => join(folder, 'src', file)),
);

type Node = Readonly<Record<string, unknown>>;

function literalsIn(node: unknown): RegExp[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, pattern, flags } = node as Node;
  if (type === 'RegExpLiteral') return [new RegExp(pattern as string, flags as string)];
  return Object.values(node).flatMap(literalsIn);
}

const expressions = sources.flatMap((file) =>
  literalsIn(parseSync(readFileSync(join(root, file), 'utf8'), { syntax: 'typescript', target: 'es2022' })).map(
    (expression) => ({ file, expression }),
  ),
);

/** Texts that the expression matches; those that cannot be made are stood in for by its own characters. */
function samplesOf(expression: RegExp): string[] {
  try {
    return fc.sample(fc.stringMatching(new RegExp(expression.source, expression.flags.replace(/[gimy]/g, ''))), {
      numRuns: SAMPLES,
      seed: 1,
    });
  } catch {
    return [expression.source, ...Array.from(expression.source.replace(/[^\w ./:@"=-]/g, ''))];
  }
}

/** Repeats each short part of a sample, and breaks its end off, so that every way to match it is tried in vain. */
function attacksOn(expression: RegExp): string[] {
  const attacks = samplesOf(expression).flatMap((sample) => {
    const short = sample.slice(0, MAX_PUMPED_PLACES);
    return Array.from(short).flatMap((_, at) =>
      [1, 2].map((length) => {
        const part = sample.slice(at, at + length);
        return `${sample.slice(0, at)}${part.repeat(ATTACK_CHARACTERS / length)}${sample.slice(at)}\u0001`;
      }),
    );
  });
  return [...attacks, ...[' ', 'a', '0', 'a.', 'a@', '\n'].map((part) => `${part.repeat(ATTACK_CHARACTERS)}\u0001`)];
}

test('there are expressions to look at', () => {
  expect(expressions.length).toBeGreaterThan(40);
});

test('the attack finds an expression that backtracks', () => {
  for (const expression of [/^(a+)+$/, /^\s*(\w+\s?)*$/, /^a*a*b$/]) {
    const found = attacksOn(expression).some((text) => !runWithBudget(() => expression.test(text), BUDGET_MS).done);
    expect([expression, found]).toEqual([expression, true]);
  }
});

test.each(expressions.map(({ file, expression }) => [String(expression), file, expression] as const))(
  '%s in %s is done with a long text at once',
  (_text, _file, expression) => {
    for (const attack of attacksOn(expression)) {
      const run = runWithBudget(() => attack.replace(expression, ''), BUDGET_MS);
      expect({ done: run.done, attack: run.done ? '' : attack.slice(0, 40) }).toEqual({ done: true, attack: '' });
    }
  },
);

describe('a field of the longest body there can be is refused at once', () => {
  const LONG = 250_000;
  const parts = ['a', 'a.', 'a@', 'a@a.', '-', '0', ':', '{a}', '%', ' ', '\u0001', '🦊', '/', '[', 'a:b@'];
  test.each([
    ['an address', (text: string) => createTenantBody.safeParse({ name: 'x', email: `a@${text}` })],
    ['a name', (text: string) => createTenantBody.safeParse({ name: text })],
    ['a moment', (text: string) => postRecoveryBody.safeParse({ since: `2026-07-02T12:00:00.${text}` })],
    ['a URL', (text: string) => createEndpointBody.safeParse({ url: `https://${text}`, events: [] })],
    ['a header', (text: string) => createEndpointBody.safeParse({ url: 'x', events: [], headers: { [text]: text } })],
    ['a profile’s name', (text: string) => createProfileBody.safeParse({ name: text, extends: 'cmr' })],
    [
      'a template',
      (text: string) =>
        createProfileBody.safeParse({ name: 'x', extends: 'cmr', signature: { format: text, lead: text } }),
    ],
  ])('%s', (_, parse) => {
    for (const part of parts) {
      const text = part.repeat(LONG / part.length);
      const run = runWithBudget(() => parse(text).success, BUDGET_MS);
      expect([part, run]).toEqual([part, { done: true, result: false }]);
    }
  });
});
