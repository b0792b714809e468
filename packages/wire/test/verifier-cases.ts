import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { fillTemplate } from '../src/fill-template.ts';
import type { SignatureScheme } from '../src/profile.ts';
import { sign } from '../src/sign.ts';
import { anAttempt } from './an-attempt.ts';

/** A request at a receiver, and what must become of it. */
export interface VerifierCase {
  readonly name: string;
  readonly body: string | Buffer;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Secrets, or public keys. */
  readonly keys: readonly string[];
  readonly now: number;
  readonly authentic: boolean;
}

/** Whether a scheme sends the time, and signs it. */
export type TimeOfScheme = 'signed' | 'sent' | 'none';

const NOW = 1_795_000_000;
const BODY = '{"type":"domain.verified","jobId":"jöb","data":{"name":"Zoë 🦊","n":1.10}}';
/** Secrets whose text is the key may have any characters; others are base64. */
const secretsOf = ({ secretFormat }: SignatureScheme): readonly [string, string, string] =>
  secretFormat === 'utf8'
    ? ['das-geheimnis-von-zoë-✓', 'another-secret-of-them', 'whsec_a-third-one-as-text']
    : ([1, 2, 3].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [string, string, string]);

type Headers = Readonly<Record<string, string>>;

/** Headers as a receiver holds them: names in lower case, values a character for each byte. */
export const asReceived = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const mapValues = (headers: Headers, change: (value: string) => string): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));

/** What is the same whoever signs: good requests, and what strangers send. */
function casesAround(scheme: SignatureScheme, time: TimeOfScheme, sent: Headers, keys: readonly [string, string]) {
  const [key, other] = keys;
  const name = scheme.header.toLowerCase();
  const good = { body: BODY as string | Buffer, headers: sent, keys: [key], now: NOW, authentic: true };
  const bad = { ...good, authentic: false };
  const hasNoTime = time === 'none';
  const withTime = (text: string) => mapValues(sent, (value) => value.replace(String(NOW), text));
  const withSignature = (change: (value: string) => string) => ({ ...sent, [name]: change(sent[name] ?? '') });
  const cases: VerifierCase[] = [
    { ...good, name: 'as sent' },
    { ...good, name: '300 s old', now: NOW + 300 },
    { ...good, name: '300 s ahead', now: NOW - 300 },
    { ...good, name: 'two keys', keys: [other, key] },
    { ...good, name: 'further headers', headers: { ...sent, host: 'receiver.example', 'x-more': 'ÿ' } },
    { ...bad, name: 'too old', now: NOW + 301, authentic: hasNoTime },
    { ...bad, name: 'from the future', now: NOW - 301, authentic: hasNoTime },
    { ...bad, name: 'another body', body: BODY.replace('1.10', '1.1') },
    { ...bad, name: 'no body', body: '' },
    { ...bad, name: 'a body that is no UTF-8', body: Buffer.from([0xff, 0xfe, 0x00, 0xc3]) },
    { ...bad, name: 'another key', keys: [other] },
    { ...bad, name: 'no key', keys: [] },
    { ...bad, name: 'no headers', headers: {} },
    { ...bad, name: 'headers that are empty', headers: mapValues(sent, () => '') },
    { ...bad, name: 'headers that are no UTF-8', headers: mapValues(sent, () => 'ÿþ,ÿ ;=') },
    { ...bad, name: 'a signature that is no UTF-8', headers: withSignature((value) => value.replace(/.{9}$/, 'ÿþ')) },
    { ...bad, name: 'a short signature', headers: withSignature((value) => value.slice(0, -5)) },
    { ...bad, name: 'a long signature', headers: withSignature((value) => `${value}a`) },
    { ...bad, name: 'a signature of nothing', headers: withSignature((value) => value.replace(/[\w+/]{32,}=*/g, '')) },
    { ...bad, name: 'many parts', headers: withSignature(() => 'v1a, v1, =,;'.repeat(50)) },
  ];
  const timed: VerifierCase[] = [
    { ...bad, name: 'another time', headers: withTime(String(NOW + 1)), authentic: time === 'sent' },
    ...['now', '', ' ', '-1', '1e9', '²', '1'.repeat(30), `0x${NOW.toString(16)}`].map((text) => ({
      ...bad,
      name: `the time ${JSON.stringify(text)}`,
      headers: withTime(text),
    })),
  ];
  return hasNoTime ? cases : [...cases, ...timed];
}

/** Everybody knows a public key: what is signed with it as if it were a secret must be refused. */
function forgeries(scheme: SignatureScheme, sent: Headers): VerifierCase[] {
  if (scheme.secretFormat === 'utf8') return [];
  const known = `whpk_${Buffer.alloc(32, 9).toString('base64')}`;
  const values = {
    body: BODY,
    timestamp: String(NOW),
    event_id: anAttempt().eventId,
    delivery_id: anAttempt().deliveryId,
  };
  const text = fillTemplate(scheme.signed, values);
  const name = scheme.header.toLowerCase();
  const lead = scheme.lead === '' ? [] : [fillTemplate(scheme.lead, { timestamp: String(NOW) })];
  // As decoders that take the prefix for base64 read it: Node.js has - and _ in its alphabet, others leave them out.
  const keys = [Buffer.from(known, 'base64'), Buffer.from(known.replace('_', ''), 'base64'), Buffer.from(known)];
  return keys.map((key, index) => {
    const signature = createHmac('sha256', key).update(text).digest(scheme.encoding);
    const value = [...lead, fillTemplate(scheme.format, { signature })].join(scheme.separator);
    const headers = { ...sent, [name]: value };
    return {
      name: `a public key as a secret (${index})`,
      body: BODY,
      headers,
      keys: [known],
      now: NOW,
      authentic: false,
    };
  });
}

/** Requests signed with shared secrets. */
export function verifierCases(scheme: SignatureScheme, time: TimeOfScheme): VerifierCase[] {
  const [secret, other, third] = secretsOf(scheme);
  const signed = (over: { body?: string; secret?: string; nextSecret?: string } = {}) =>
    asReceived(sign(scheme, anAttempt({ body: BODY, timestamp: NOW, secret, ...over })));
  const rotated = { body: BODY, headers: signed({ nextSecret: other }), now: NOW, authentic: true };
  return [
    ...casesAround(scheme, time, signed(), [secret, other]),
    { ...rotated, name: 'rotated, old secret', keys: [secret] },
    { ...rotated, name: 'rotated, new secret', keys: [other] },
    { ...rotated, name: 'rotated, both secrets', keys: [other, secret] },
    { ...rotated, name: 'rotated, a third secret', keys: [third], authentic: false },
    { ...rotated, name: 'rotated, another body', keys: [secret, other], body: `${BODY} `, authentic: false },
    { ...rotated, name: 'rotated, too old', keys: [secret, other], now: NOW + 301, authentic: time === 'none' },
    { ...rotated, name: 'a secret that looks like the other kind', headers: signed({ secret: third }), keys: [third] },
    ...forgeries(scheme, signed()),
    { ...rotated, name: 'signed without a body', headers: signed({ body: '' }), body: '', keys: [secret] },
  ];
}

/** A key pair's public half as receivers get it. */
const publicText = (key: KeyObject): string =>
  `whpk_${key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;

/** Requests signed with key pairs, one entry of the header's list each; shared secrets may have others there. */
export function keyPairCases(scheme: SignatureScheme, time: TimeOfScheme): VerifierCase[] {
  const pairs = [1, 2, 3].map(() => generateKeyPairSync('ed25519'));
  const [old, fresh, third] = pairs.map(({ publicKey }) => publicText(publicKey)) as [string, string, string];
  const attempt = anAttempt({ body: BODY, timestamp: NOW });
  const text = fillTemplate(scheme.signed, {
    event_id: attempt.eventId,
    timestamp: String(NOW),
    delivery_id: attempt.deliveryId,
    body: BODY,
  });
  const name = scheme.header.toLowerCase();
  const headersOfSecret = asReceived(sign(scheme, attempt));
  const entryWith = (bytes: Buffer) =>
    fillTemplate(scheme.keyPair?.format ?? '', { signature: bytes.toString(scheme.encoding) });
  const entryOf = (index: number) =>
    entryWith(signBytes(null, Buffer.from(text), pairs[index]?.privateKey as KeyObject));
  const lead = scheme.lead === '' ? [] : [fillTemplate(scheme.lead, { timestamp: String(NOW) })];
  const valueOf = (...entries: string[]) => [...lead, ...entries].join(scheme.separator);
  const listed = (first: string, ...more: string[]): Headers => {
    if (scheme.rotation === 'list') return { ...headersOfSecret, [name]: valueOf(first, ...more) };
    const next = more.slice(-1).map((entry) => [`${name}-next`, valueOf(entry)]);
    return { ...headersOfSecret, [name]: valueOf(first), ...(Object.fromEntries(next) as Headers) };
  };
  const entryOfSecret = (headersOfSecret[name] ?? '').slice(valueOf('').length);
  const both = { body: BODY, headers: listed(entryOf(0), entryOf(1)), now: NOW, authentic: true };
  const mixed = listed(entryOfSecret, 'v2-unknown', entryOf(0));
  return [
    ...casesAround(scheme, time, listed(entryOf(0)), [old, fresh]),
    { ...both, name: 'rotated, old key', keys: [old] },
    { ...both, name: 'rotated, new key', keys: [fresh] },
    { ...both, name: 'rotated, both keys', keys: [fresh, old] },
    { ...both, name: 'rotated, a third key', keys: [third], authentic: false },
    { ...both, name: 'among entries of other schemes', headers: mixed, keys: [old] },
    { ...both, name: 'entries of other schemes alone', headers: headersOfSecret, keys: [old], authentic: false },
    { ...both, name: 'no entry of its form', headers: listed(entryOf(0).slice(1)), keys: [old], authentic: false },
    {
      ...both,
      name: 'a shared secret among the keys',
      keys: [`whsec_${Buffer.alloc(64, 1).toString('base64')}`, old],
    },
    { ...both, name: 'all zeros', headers: listed(entryWith(Buffer.alloc(64, 0))), keys: [old], authentic: false },
    { ...both, name: 'all ones', headers: listed(entryWith(Buffer.alloc(64, 255))), keys: [old], authentic: false },
  ];
}
