import { expect, test } from '@jest/globals';
import { classifyResult, type SendResult } from '@posthorn/domain/delivery/classify-result';
import { endpointHealth, tookQuickly } from '../src/attempt/endpoint-health.ts';

const healthAfter = (result: SendResult, durationMs: number) =>
  endpointHealth({
    classified: classifyResult(result),
    exchange: { result, durationMs, responseHeaders: null, responseBody: null },
  });

const network: SendResult = { kind: 'network', reason: 'DNS did not answer' };

const cases: [what: string, result: SendResult, durationMs: number, healthy: boolean | null][] = [
  ['a quick success', { kind: 'answered', status: 200, bodyFault: null }, 10, true],
  ['a slow success', { kind: 'answered', status: 200, bodyFault: null }, 4_900, true],
  ['a quick refusal', { kind: 'answered', status: 500, bodyFault: null }, 10, true],
  ['"too many requests"', { kind: 'answered', status: 429, bodyFault: null }, 10, false],
  ['a timeout', { kind: 'deadline', timeoutMs: 5_000, status: null, stage: 'sent' }, 5_000, false],
  ['a connection that is refused at once', network, 10, true],
  ['a name server that is silent', network, 4_000, false],
  ['a refused address that a slow name server gave', { kind: 'blocked', reason: 'private' }, 3_900, false],
  ['a TLS handshake that fails at once', { kind: 'network', reason: 'TLS', stage: 'handshake' }, 10, false],
  ['a refused address', { kind: 'blocked', reason: 'private' }, 10, null],
];
test.each(cases)('Whether an endpoint can take more at once after %s', (_, result, durationMs, healthy) => {
  expect(healthAfter(result, durationMs)).toBe(healthy);
});

test('An endpoint whose certificates take long to verify cannot take more at once, although it answers', () => {
  const result: SendResult = { kind: 'answered', status: 200, bodyFault: null };
  const exchange = { result, durationMs: 10, responseHeaders: null, responseBody: null, dearHandshake: true };
  expect(endpointHealth({ classified: classifyResult(result), exchange })).toBe(false);
});

const quickly: [what: string, result: SendResult, durationMs: number, quick: boolean][] = [
  ['a quick success', { kind: 'answered', status: 200, bodyFault: null }, 99, true],
  ['a slow success', { kind: 'answered', status: 200, bodyFault: null }, 100, false],
  ['a quick refusal', { kind: 'answered', status: 500, bodyFault: null }, 10, false],
  ['a connection that is refused at once', network, 10, false],
];
test.each(quickly)('Whether its next deliveries may be claimed ahead after %s', (_, result, durationMs, quick) => {
  const exchange = { result, durationMs, responseHeaders: null, responseBody: null };
  expect(tookQuickly({ classified: classifyResult(result), exchange })).toBe(quick);
});
