import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildEnvelope } from '../src/build-envelope.ts';
import type { Profile, SignatureScheme } from '../src/profile.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { maskSignatures, type SignInput, sign } from '../src/sign.ts';
import { verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anEvent } from './an-event.ts';
import { anyBody, anyOwnSecret, anyTimestamp } from './arbitraries.ts';

// Adding a provider is one file and one line: this object is the file. The engine knows nothing of it.
const acme: Profile = {
  ...standardWebhooks,
  name: 'acme',
  envelope: [
    {
      key: 'meta',
      fields: [
        { key: 'version', value: 2 },
        { key: 'ids', fields: [{ key: 'event', from: 'event_id' }] },
      ],
    },
    { key: 'subject', from: 'job_id', optional: true },
    { key: 'payload', from: 'data' },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'base64',
    signed: 'acme|{delivery_id}|{timestamp}|{body}',
    keyPair: null,
    secretFormat: 'utf8',
    header: 'Acme-Proof',
    format: 's={signature}',
    lead: 't={timestamp}',
    rotation: 'list',
    separator: ';',
    headers: [
      { name: 'Acme-Delivery', from: 'delivery_id' },
      { name: 'Acme-Topic', from: 'type' },
    ],
  },
};

const proofOf = ({ body, timestamp, deliveryId }: SignInput, secret: string) =>
  `s=${createHmac('sha256', secret).update(`acme|${deliveryId}|${timestamp}|${body}`).digest('base64')}`;

describe('A sixth provider, as one object', () => {
  test('has its nested body', () => {
    const start = '{"meta":{"version":2,"ids":{"event":"evt_01h455vb4pex5vsknk084sn02q"}}';
    const dataText = '{"n":1.10}';
    expect(buildEnvelope(acme, anEvent({ dataText }))).toBe(`${start},"subject":"job-7","payload":{"n":1.10}}`);
    expect(buildEnvelope(acme, anEvent({ dataText, jobId: null }))).toBe(`${start},"payload":{"n":1.10}}`);
  });

  test('has its headers, also during a rotation', () => {
    fc.assert(
      fc.property(anyBody, anyOwnSecret, anyOwnSecret, anyTimestamp, (body, secret, nextSecret, timestamp) => {
        const input = anAttempt({ body, secret, timestamp });
        const others = { 'Acme-Delivery': input.deliveryId, 'Acme-Topic': input.type };
        const proof = `t=${timestamp};${proofOf(input, secret)}`;
        expect(sign(acme.signature, input)).toEqual({ ...others, 'Acme-Proof': proof });
        expect(sign(acme.signature, { ...input, nextSecret })).toEqual({
          ...others,
          'Acme-Proof': `${proof};${proofOf(input, nextSecret)}`,
        });
      }),
    );
  });

  test('is verified, and a change of anything that is signed is seen', () => {
    const input = anAttempt({ secret: 'a-secret-of-acme-1', nextSecret: 'a-secret-of-acme-2' });
    const headers = sign(acme.signature, input);
    const given = { headers, body: input.body, secrets: ['a-secret-of-acme-1'], now: input.timestamp };
    const wrong = { ok: false, reason: 'wrong_signature' };
    const proof = headers['Acme-Proof'] ?? '';
    expect(verify(acme.signature, given)).toEqual({ ok: true });
    expect(verify(acme.signature, { ...given, secrets: ['a-secret-of-acme-2'] })).toEqual({ ok: true });
    expect(verify(acme.signature, { ...given, secrets: ['a-secret-of-acme-3'] })).toEqual(wrong);
    expect(verify(acme.signature, { ...given, body: '{"a":2}' })).toEqual(wrong);
    expect(verify(acme.signature, { ...given, headers: { ...headers, 'Acme-Delivery': 'dlv_2' } })).toEqual(wrong);
    const later = { ...headers, 'Acme-Proof': proof.replace('t=1795000000', 't=1795000001') };
    expect(verify(acme.signature, { ...given, headers: later })).toEqual(wrong);
    expect(verify(acme.signature, { ...given, now: input.timestamp + 301 })).toEqual({
      ok: false,
      reason: 'stale_timestamp',
    });
  });

  test('has its signatures masked where people read', () => {
    const headers = sign(acme.signature, anAttempt({ nextSecret: 'a-secret-of-acme-2' }));
    expect(maskSignatures(acme.signature, headers['Acme-Proof'] ?? '')).toBe('t=1795000000;s=***;s=***');
  });
});

describe('Odd schemes, which a tenant may declare', () => {
  const schemes: Record<string, Partial<SignatureScheme>> = {
    'a lead that is the bare time': { lead: '{timestamp}' },
    'a lead that never changes, and a time of its own': {
      lead: 'v2',
      headers: [
        { name: 'Acme-Time', from: 'timestamp' },
        { name: 'Acme-Delivery', from: 'delivery_id' },
      ],
    },
    'signatures as they are': { format: '{signature}' },
    'signatures that look like the lead': { format: 't={signature}' },
    'text around each signature': { format: 'sig("{signature}")' },
    'a header of its own for the next secret': { rotation: 'next-header' },
    'the body twice': { signed: '{body}{timestamp}{body}' },
    'the type and the id as UUID': {
      signed: '{type}:{delivery_uuid}:{timestamp}:{body}',
      headers: [
        { name: 'Acme-Type', from: 'type' },
        { name: 'Acme-Id', from: 'delivery_uuid' },
      ],
    },
  };

  test.each(Object.entries(schemes))(
    'with %s, both secrets of a rotation are accepted and a third is not',
    (_, odd) => {
      const scheme = { ...acme.signature, ...odd };
      fc.assert(
        fc.property(anyBody, anyOwnSecret, anyOwnSecret, anyTimestamp, (body, secret, nextSecret, timestamp) => {
          const headers = sign(scheme, anAttempt({ body, secret, nextSecret, timestamp }));
          const given = { headers, body, now: timestamp };
          for (const each of [secret, nextSecret])
            expect(verify(scheme, { ...given, secrets: [each] })).toEqual({ ok: true });
          expect(verify(scheme, { ...given, secrets: ['a-third-secret-of-acme'] }).ok).toBe(false);
          expect(verify(scheme, { ...given, now: timestamp + 301, secrets: [secret] })).toMatchObject({ ok: false });
        }),
      );
    },
  );

  test('a placeholder that every object would answer to is signed as the text that it is', () => {
    const scheme = { ...acme.signature, signed: '{constructor}{body}', headers: [] };
    const digest = createHmac('sha256', 'a-secret-of-acme-1').update('{constructor}{"a":1}').digest('base64');
    expect(sign(scheme, anAttempt({ secret: 'a-secret-of-acme-1' }))).toEqual({
      'Acme-Proof': `t=1795000000;s=${digest}`,
    });
  });
});
