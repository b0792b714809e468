import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildEnvelope, type EnvelopeEvent } from '../src/build-envelope.ts';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';
import { profiles } from '../src/profiles.ts';

const CREATED_AT = new Date('2026-11-21T10:20:30.405Z');
const event = (over: Partial<EnvelopeEvent> = {}): EnvelopeEvent => ({
  id: 'evt_01h455vb4pex5vsknk084sn02q',
  type: 'domain.added',
  jobId: 'job-7',
  dataText: '{"hostname":"app.customer.example"}',
  createdAt: CREATED_AT,
  ...over,
});

describe('The exact text', () => {
  test('connect-domain: type, jobId, data, sent_at', () => {
    expect(buildEnvelope(connectDomain, event())).toBe(
      '{"type":"domain.added","jobId":"job-7","data":{"hostname":"app.customer.example"},"sent_at":"2026-11-21T10:20:30.405Z"}',
    );
  });

  test('standard-webhooks: type, timestamp, data', () => {
    expect(buildEnvelope(standardWebhooks, event())).toBe(
      '{"type":"domain.added","timestamp":"2026-11-21T10:20:30.405Z","data":{"hostname":"app.customer.example"}}',
    );
  });

  test('an event without a subject has a null jobId, so that the field is always there', () => {
    expect(buildEnvelope(connectDomain, event({ jobId: null }))).toContain('"jobId":null,');
  });

  test.each(['1.10', '12345678901234567890', '1e400', '-0', '"\\u0000"', '"\\ud800"', '{"a":1,"a":2}', '[]', 'null'])(
    'data %s stands in it as written',
    (dataText) => {
      expect(buildEnvelope(connectDomain, event({ dataText }))).toContain(`"data":${dataText},`);
    },
  );
});

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))('Profile $name', ({ profile }) => {
  test('any event gives valid JSON with the declared keys in their order, and its data verbatim', () => {
    const anyEvent = fc.record({
      type: fc.string({ unit: 'binary' }),
      jobId: fc.option(fc.string({ unit: 'binary' })),
      dataText: fc.json(),
      createdAt: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(anyEvent, (given) => {
        const text = buildEnvelope(profile, event(given));
        const body = JSON.parse(text) as Record<string, unknown>;
        expect(Object.keys(body)).toEqual(profile.envelope.map(({ key }) => key));
        expect(body['type']).toBe(given.type);
        expect(body['data']).toEqual(JSON.parse(given.dataText));
        expect(text).toContain(`"data":${given.dataText}`);
        if ('jobId' in body) expect(body['jobId']).toBe(given.jobId);
      }),
    );
  });
});
