import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildEnvelope, type EnvelopeEvent } from '../src/build-envelope.ts';
import type { EnvelopeField, EnvelopeSource } from '../src/profile.ts';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { findProfile, profiles } from '../src/profiles.ts';
import { anEvent } from './an-event.ts';

const EVENT_ID = 'evt_01h455vb4pex5vsknk084sn02q';
const text = JSON.stringify;
const seconds = (date: Date) => String((date.getTime() - date.getUTCMilliseconds()) / 1_000);

/** The bodies as contract and vendors' documentation describe them, written by hand. */
const bodies: Record<string, (event: EnvelopeEvent) => string> = {
  'connect-domain': ({ type, jobId, dataText, createdAt }) =>
    `{"type":${text(type)},"jobId":${text(jobId)},"data":${dataText},"sent_at":"${createdAt.toISOString()}"}`,
  cmr: ({ id, type, dataText }) => `{"event":${text(type)},"eventId":"${id}","data":${dataText}}`,
  cdhosting: ({ id, type, dataText, createdAt }) =>
    `{"id":"${id}","type":${text(type)},"created_at":"${createdAt.toISOString()}","data":${dataText}}`,
  'tenant-quickstart': ({ id, type, dataText, createdAt, aggregateVersion }) =>
    `{"id":"${id}","type":${text(type)},"data":${dataText},"created_at":"${createdAt.toISOString()}"${
      aggregateVersion === null ? '' : `,"aggregate_version":${aggregateVersion}`
    }}`,
  'standard-webhooks': ({ type, dataText, createdAt }) =>
    `{"type":${text(type)},"timestamp":"${createdAt.toISOString()}","data":${dataText}}`,
  stripe: ({ id, type, dataText, createdAt }) =>
    `{"id":"${id}","object":"event","created":${seconds(createdAt)},"type":${text(type)},"data":{"object":${dataText}}}`,
  github: ({ dataText }) => dataText,
  shopify: ({ dataText }) => dataText,
  slack: ({ id, type, dataText, createdAt }) =>
    `{"type":"event_callback","event_id":"${id}","event_time":${seconds(createdAt)},"event_type":${text(type)},"event":${dataText}}`,
  svix: ({ dataText }) => dataText,
};

const anyEvent: fc.Arbitrary<EnvelopeEvent> = fc.record({
  id: fc.constant(EVENT_ID),
  type: fc.string({ unit: 'binary' }),
  jobId: fc.option(fc.string({ unit: 'binary' })),
  dataText: fc.json(),
  createdAt: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
  aggregateVersion: fc.option(fc.maxSafeNat()),
});

test('Every built-in profile has its body written by hand', () => {
  expect(Object.keys(bodies)).toEqual(profiles.map(({ name }) => name));
});

describe.each(Object.entries(bodies))('Profile %s', (name, bodyOf) => {
  const profile = findProfile(name) ?? connectDomain;

  test('any event gives exactly the text that is documented, and it is JSON', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const body = buildEnvelope(profile, event);
        expect(body).toBe(bodyOf(event));
        expect(() => JSON.parse(body) as unknown).not.toThrow();
      }),
    );
  });

  test.each(['1.10', '12345678901234567890', '1e400', '-0', '"\\u0000"', '"\\ud800"', '{"a":1,"a":2}', '[ ]', 'null'])(
    'data %s stands in it as written',
    (dataText) => {
      expect(buildEnvelope(profile, anEvent({ dataText }))).toBe(bodyOf(anEvent({ dataText })));
    },
  );
});

describe('Fixed texts', () => {
  const bodyOf = (name: string, over: Partial<EnvelopeEvent> = {}) =>
    buildEnvelope(findProfile(name) ?? connectDomain, anEvent(over));

  test('connect-domain, with and without a subject: the field is always there', () => {
    const rest = '"data":{"hostname":"app.customer.example"},"sent_at":"2026-11-21T10:20:30.405Z"}';
    expect(bodyOf('connect-domain')).toBe(`{"type":"domain.added","jobId":"job-7",${rest}`);
    expect(bodyOf('connect-domain', { jobId: null })).toBe(`{"type":"domain.added","jobId":null,${rest}`);
  });

  test('tenant-quickstart names the version of what changed where the sender counts it, and 0 is a version', () => {
    const start = `{"id":"${EVENT_ID}","type":"domain.added","data":{},"created_at":"2026-11-21T10:20:30.405Z"`;
    expect(bodyOf('tenant-quickstart', { dataText: '{}' })).toBe(`${start}}`);
    expect(bodyOf('tenant-quickstart', { dataText: '{}', aggregateVersion: 7 })).toBe(
      `${start},"aggregate_version":7}`,
    );
    expect(bodyOf('tenant-quickstart', { dataText: '{}', aggregateVersion: 0 })).toBe(
      `${start},"aggregate_version":0}`,
    );
  });

  test('stripe nests the data in an object, and counts whole seconds', () => {
    expect(bodyOf('stripe', { dataText: '{"n":1.10}' })).toBe(
      `{"id":"${EVENT_ID}","object":"event","created":1795256430,"type":"domain.added","data":{"object":{"n":1.10}}}`,
    );
  });

  test('slack is an outer event around the data', () => {
    expect(bodyOf('slack', { dataText: '{"n":1.10}' })).toBe(
      `{"type":"event_callback","event_id":"${EVENT_ID}","event_time":1795256430,"event_type":"domain.added","event":{"n":1.10}}`,
    );
  });

  test('github, shopify and svix send the data alone, white space and all', () => {
    for (const name of ['github', 'shopify', 'svix'])
      expect(bodyOf(name, { dataText: '{ "n": 1.10 }' })).toBe('{ "n": 1.10 }');
  });
});

describe('Any envelope that a profile may declare', () => {
  const source = fc.constantFrom<EnvelopeSource>(
    ...(['event_id', 'type', 'job_id', 'data', 'created_at', 'created_unix', 'aggregate_version'] as const),
  );
  // A parser would keep `__proto__` as a key of the body, an object literal in the test would not.
  const key = fc.string({ unit: 'binary' }).filter((each) => each !== '__proto__');
  const { field } = fc.letrec<{ field: EnvelopeField }>((tie) => ({
    field: fc.oneof(
      { depthSize: 'small' },
      fc.record({ key, from: source, optional: fc.boolean() }),
      fc.record({ key, value: fc.jsonValue() }),
      fc.record({ key, fields: fc.array(tie('field'), { maxLength: 4 }) }),
    ),
  }));
  const fields = fc.uniqueArray(field, { selector: (each) => each.key, maxLength: 6 });

  test('gives JSON with the declared keys; only optional ones that the event lacks are left out', () => {
    fc.assert(
      fc.property(fields, anyEvent, (envelope, event) => {
        const body = JSON.parse(buildEnvelope({ envelope }, event)) as Record<string, unknown>;
        const lacks = { job_id: event.jobId === null, aggregate_version: event.aggregateVersion === null };
        const isLeftOut = (each: EnvelopeField) =>
          'from' in each &&
          each.optional === true &&
          (each.from === 'data' ? event.dataText === 'null' : { ...lacks }[each.from as 'job_id']);
        const wanted = envelope.filter((each) => !isLeftOut(each)).map((each) => each.key);
        expect(Object.keys(body).sort()).toEqual(wanted.sort());
        for (const each of envelope) if ('value' in each) expect(text(body[each.key])).toBe(text(each.value));
      }),
    );
  });
});
