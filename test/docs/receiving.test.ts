import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { profiles } from '@posthorn/wire/profiles';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import { sign } from '@posthorn/wire/sign';

// The receivers that docs/receiving.md shows are run as they stand there.
const page = readFileSync(join(import.meta.dirname, '../../docs/receiving.md'), 'utf8');
const blockOf = (language: string, containing: string): string => {
  const blocks = [...page.matchAll(/```(\w+)\n([^]*?)```/g)].filter(([, name]) => name === language);
  return blocks.find(([, , code = '']) => code.includes(containing))?.[2] ?? '';
};
const folder = mkdtempSync(join(tmpdir(), 'posthorn-receiving-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = 1_795_000_000;
const SECRET = 'a-secret-of-the-customer';
const OTHER = 'another-secret-of-them';
const BODY = '{"type":"domain.verified","jobId":"jöb","data":{"n":1.10}}';
const signed = (over: { secret?: string; nextSecret?: string } = {}) => {
  const ids = { eventId: 'evt_1', deliveryId: 'dlv_1', deliveryUuid: '01890a5d-ac96-774b-bcce-b302099a8057' };
  const input = { body: BODY, timestamp: NOW, type: 'domain.verified', secret: SECRET, ...ids, ...over };
  const headers = Object.entries(sign(connectDomain.signature, input));
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
};

interface Case {
  readonly name: string;
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly secrets: string[];
  readonly now: number;
  readonly authentic: boolean;
}
const good = { body: BODY, headers: signed(), secrets: [SECRET], now: NOW, authentic: true };
const bad = { ...good, authentic: false };
const cases: Case[] = [
  { ...good, name: 'as sent' },
  { ...good, name: 'at the border of the tolerance', now: NOW + 300 },
  { ...good, name: 'two secrets', secrets: [OTHER, SECRET] },
  { ...good, name: 'rotated, old secret', headers: signed({ nextSecret: OTHER }) },
  { ...good, name: 'rotated, new secret', headers: signed({ nextSecret: OTHER }), secrets: [OTHER] },
  { ...bad, name: 'another body', body: BODY.replace('1.10', '1.1') },
  { ...bad, name: 'another secret', secrets: [OTHER] },
  { ...bad, name: 'no secret', secrets: [] },
  { ...bad, name: 'too old', now: NOW + 301 },
  { ...bad, name: 'from the future', now: NOW - 301 },
  { ...bad, name: 'another timestamp', headers: { ...signed(), 'x-cd-timestamp': String(NOW + 1) } },
  { ...bad, name: 'no number', headers: { ...signed(), 'x-cd-timestamp': 'now' } },
  { ...bad, name: 'no headers', headers: {} },
  { ...bad, name: 'a short signature', headers: { ...signed(), 'x-cd-signature': 'sha256=' } },
];

type IsAuthentic = (body: Buffer, headers: object, secrets: string[], now: number) => boolean;

describe('The receiver by hand in Node.js', () => {
  const file = join(folder, 'verify.mjs');
  writeFileSync(file, blockOf('js', 'isAuthentic'));

  test.each(cases)('$name: $authentic', async ({ body, headers, secrets, now, authentic }) => {
    const { isAuthentic } = (await import(pathToFileURL(file).href)) as { isAuthentic: IsAuthentic };
    expect(isAuthentic(Buffer.from(body), headers, secrets, now)).toBe(authentic);
  });
});

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
(hasPython ? describe : describe.skip)('The receiver by hand in Python', () => {
  test('agrees on every case', () => {
    const run =
      'import json, sys\nfor c in json.load(sys.stdin):\n    print(is_authentic(c["body"].encode(), c["headers"], c["secrets"], c["now"]))\n';
    writeFileSync(join(folder, 'verify.py'), `${blockOf('python', 'is_authentic')}\n${run}`);
    const output = execFileSync('python3', [join(folder, 'verify.py')], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    expect(output.trim().split('\n')).toEqual(cases.map(({ authentic }) => (authentic ? 'True' : 'False')));
  });
});

test('The page says of every built-in profile how it is verified, and of no other', () => {
  const [, table = ''] = page.split('| Profile | Verified by |');
  const [rows = ''] = table.split('\n\n');
  expect([...rows.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)).toEqual(profiles.map(({ name }) => name));
});
