import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Profile as ShownProfile } from '@posthorn/http-api/profile';
import { keyPairOf } from '@posthorn/wire/key-pair';
import type { SignatureScheme } from '@posthorn/wire/profile';
import { profiles } from '@posthorn/wire/profiles';
import { sign } from '@posthorn/wire/sign';
import { formatSecret } from '@posthorn/wire/signing-key';
import { transformSync } from '@swc/core';
import { schemeOf } from '../src/verify/scheme-of.ts';
import { writeSnippets } from '../src/verify/snippets.ts';

const NOW = 1_790_000_000;
const BODY = '{"type":"domain.verified","data":{"price":1.10,"name":"Zoë"}}';
const SECRET = formatSecret(Buffer.alloc(32, 7));
const NEXT = formatSecret(Buffer.alloc(32, 8));
const PAIR = keyPairOf(Buffer.alloc(32, 9));

/** As `GET /v1/profiles` shows it. */
const shown = ({ secretFormat, keyPair, headers, ...same }: SignatureScheme): ShownProfile['signature'] => ({
  ...same,
  secret_format: secretFormat,
  key_pair: keyPair && { ...keyPair },
  headers: [...headers],
});

/** A profile of a tenant's own, like none that is built in. */
const own: SignatureScheme = {
  algorithm: 'hmac-sha256',
  encoding: 'base64',
  signed: '{delivery_id}|{timestamp}|{body}',
  secretFormat: 'utf8',
  header: 'X-Acme-Signature',
  format: 's={signature}',
  keyPair: { algorithm: 'ed25519', format: 'e={signature}' },
  lead: 'at={timestamp}',
  rotation: 'list',
  separator: ';',
  headers: [{ name: 'X-Acme-Delivery', from: 'delivery_id' }],
};
const schemes = [
  ...profiles.map(({ name, signature }) => ({ name, scheme: signature })),
  { name: 'acme', scheme: own },
];
const withKeyPairs = schemes.filter(({ scheme }) => scheme.keyPair !== null);

const headersOf = (scheme: SignatureScheme, secret: string, nextSecret?: string): Record<string, string> => {
  const headers = sign(scheme, {
    body: BODY,
    timestamp: NOW,
    eventId: 'evt_1',
    deliveryId: 'dlv_1',
    deliveryUuid: '01a1ffbd-372d-7697-8227-102859803ca5',
    type: 'domain.verified',
    secret,
    nextSecret,
  });
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
};

const codeOf = (scheme: SignatureScheme, language: string, algorithm: 'hmac-sha256' | 'ed25519'): string => {
  const snippet = writeSnippets(shown(scheme), algorithm).find((each) => each.language === language);
  if (!snippet) throw new Error(`There is no snippet for ${language}`);
  return snippet.code;
};

interface Call {
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly keys: readonly string[];
}

/** TypeScript as Node.js 20 can run it. */
const stripTypes = (code: string): string =>
  transformSync(code, { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }).code;

/** Runs the snippet for Node.js as it stands. Those for other languages come from the same plan; packages/wire runs them. */
function runSnippet(code: string, call: Call): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-snippet-'));
  const now = code.includes('TOLERANCE_SECONDS') ? `, ${NOW}` : '';
  try {
    writeFileSync(join(folder, 'verifier.mjs'), stripTypes(code));
    writeFileSync(
      join(folder, 'run.mjs'),
      `import { isAuthentic } from './verifier.mjs';
const { body, headers, keys } = ${JSON.stringify(call)};
process.stdout.write(String(isAuthentic(Buffer.from(body), headers, keys${now})));`,
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8' });
    return status === 0 ? stdout : stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('what the API shows of a scheme stands for the scheme itself', () => {
  for (const { scheme } of schemes) expect(schemeOf(shown(scheme))).toEqual(scheme);
});

test.each(schemes)(
  'the Node.js snippet of $name takes what Posthorn signed and refuses what it did not',
  ({ scheme }) => {
    const code = codeOf(scheme, 'typescript', 'hmac-sha256');
    const good = { body: BODY, headers: headersOf(scheme, SECRET), keys: [SECRET] };
    expect(runSnippet(code, good)).toBe('true');
    expect(runSnippet(code, { ...good, headers: headersOf(scheme, SECRET, NEXT), keys: [NEXT] })).toBe('true');
    expect(runSnippet(code, { ...good, body: `${BODY} ` })).toBe('false');
    expect(runSnippet(code, { ...good, keys: [NEXT] })).toBe('false');
  },
);

test.each(withKeyPairs)('the Node.js snippet of $name takes what a key pair signed', ({ scheme }) => {
  const code = codeOf(scheme, 'typescript', 'ed25519');
  const call = { body: BODY, headers: headersOf(scheme, PAIR.privateKey), keys: [PAIR.publicKey] };
  expect(runSnippet(code, call)).toBe('true');
  expect(runSnippet(code, { ...call, body: `${BODY} ` })).toBe('false');
});

test('each language has its tab, in the order in which they are offered', () => {
  const names = writeSnippets(shown(own), 'hmac-sha256').map(({ name }) => name);
  expect(names).toEqual(['Node.js', 'Python', 'Go', 'PHP', 'Ruby']);
});

test('a call hands the time to verifiers that take it, and to no other', () => {
  const usageOf = (scheme: SignatureScheme) =>
    writeSnippets(shown(scheme), 'hmac-sha256').find(({ language }) => language === 'go')?.usage;
  for (const { scheme } of schemes) {
    const takesNow = codeOf(scheme, 'go', 'hmac-sha256').includes('now time.Time');
    expect(usageOf(scheme)?.includes('time.Now()')).toBe(takesNow);
  }
});
