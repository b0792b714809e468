import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptOutcomes } from '../src/delivery/attempt-outcome.ts';
import { type Classified, classifyResult, type SendResult } from '../src/delivery/classify-result.ts';

const answered = (status: number, bodyFault: string | null = null): SendResult => ({
  kind: 'answered',
  status,
  bodyFault,
});

const table: [result: SendResult, classified: Classified][] = [
  [answered(200), { outcome: 'succeeded', error: null }],
  [answered(201), { outcome: 'succeeded', error: null }],
  [answered(204), { outcome: 'succeeded', error: null }],
  [answered(299), { outcome: 'succeeded', error: null }],
  [
    answered(200, 'its body was cut short: the connection was closed'),
    { outcome: 'succeeded', error: 'Answered 200; its body was cut short: the connection was closed' },
  ],
  [answered(199), { outcome: 'rejected', error: 'Answered 199' }],
  [answered(300), { outcome: 'rejected', error: 'Answered 300: redirects are not followed; register the final URL' }],
  [answered(302), { outcome: 'rejected', error: 'Answered 302: redirects are not followed; register the final URL' }],
  [answered(399), { outcome: 'rejected', error: 'Answered 399: redirects are not followed; register the final URL' }],
  [answered(400), { outcome: 'rejected', error: 'Answered 400' }],
  [answered(404), { outcome: 'rejected', error: 'Answered 404' }],
  [answered(410), { outcome: 'rejected', error: 'Answered 410' }],
  [answered(429), { outcome: 'rejected', error: 'Answered 429' }],
  [answered(500), { outcome: 'rejected', error: 'Answered 500' }],
  [answered(500, 'The connection was closed'), { outcome: 'rejected', error: 'Answered 500' }],
  [answered(999), { outcome: 'rejected', error: 'Answered 999' }],
  [
    { kind: 'deadline', timeoutMs: 5_000, status: null, stage: 'sent' },
    { outcome: 'timeout', error: 'No answer within 5000 ms' },
  ],
  [
    { kind: 'deadline', timeoutMs: 5_000, status: null, stage: 'connecting' },
    { outcome: 'timeout', error: 'No connection within 5000 ms' },
  ],
  [
    { kind: 'deadline', timeoutMs: 5_000, status: null, stage: 'handshake' },
    { outcome: 'timeout', error: 'The TLS handshake did not end within 5000 ms' },
  ],
  // The deadline alone overrules a 2xx status line.
  [
    { kind: 'deadline', timeoutMs: 5_000, status: 200, stage: 'sent' },
    { outcome: 'timeout', error: 'Answered 200, but the body did not end within 5000 ms' },
  ],
  [
    { kind: 'network', reason: 'Connection refused' },
    { outcome: 'network_error', error: 'Connection refused' },
  ],
  [
    { kind: 'blocked', reason: '10.0.0.1 is private' },
    { outcome: 'blocked', error: '10.0.0.1 is private' },
  ],
];

describe('What came of a request', () => {
  test.each(table)('%j is %j', (result, classified) => {
    expect(classifyResult(result)).toEqual(classified);
  });

  test('an answer is a success exactly when its status is 2xx, whatever became of its body', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), fc.option(fc.string()), (status, fault) => {
        const { outcome } = classifyResult(answered(status, fault));
        expect(outcome).toBe(status >= 200 && status < 300 ? 'succeeded' : 'rejected');
      }),
    );
  });

  test('every outcome but `interrupted` comes from here; that one is written by whoever takes over', () => {
    const seen = new Set(table.map(([result]) => classifyResult(result).outcome));
    expect(attemptOutcomes.filter((outcome) => !seen.has(outcome))).toEqual(['interrupted']);
  });
});
