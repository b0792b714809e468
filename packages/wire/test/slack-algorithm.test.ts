import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildEnvelope } from '../src/build-envelope.ts';
import { slack } from '../src/profiles/slack.ts';
import { sign } from '../src/sign.ts';
import { anAttempt } from './an-attempt.ts';
import { anEvent } from './an-event.ts';
import { anyObjectText, anyOwnSecret, anyTimestamp } from './arbitraries.ts';

const NOW = 1_795_000_000;
const FIVE_MINUTES = 300;
const [USUAL, NEXT] = ['X-Slack-Signature', 'X-Slack-Signature-Next'];

/** As Slack's documentation says ("Verifying requests from Slack"), step by step. */
function isFromSlack(headers: Record<string, string>, name: string, body: string, secret: string, now: number) {
  const timestamp = headers['X-Slack-Request-Timestamp'] ?? '';
  if (Math.abs(now - Number(timestamp)) > FIVE_MINUTES) return false;
  const base = ['v0', timestamp, body].join(':');
  const mine = Buffer.from(`v0=${createHmac('sha256', secret).update(base, 'utf8').digest('hex')}`);
  const theirs = Buffer.from(headers[name] ?? '');
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
}

const bodyOf = (dataText: string) => buildEnvelope(slack, anEvent({ dataText }));
const headersOf = (body: string, secret: string, nextSecret?: string, timestamp = NOW) =>
  sign(slack.signature, anAttempt({ body, secret, nextSecret, timestamp }));

describe("Slack's documented algorithm", () => {
  test('accepts what we sign at any time, while it is fresh', () => {
    fc.assert(
      fc.property(anyObjectText, anyOwnSecret, anyTimestamp, (dataText, secret, timestamp) => {
        const body = bodyOf(dataText);
        const headers = headersOf(body, secret, undefined, timestamp);
        expect(isFromSlack(headers, USUAL, body, secret, timestamp + FIVE_MINUTES)).toBe(true);
        expect(isFromSlack(headers, USUAL, body, secret, timestamp + FIVE_MINUTES + 1)).toBe(false);
      }),
    );
  });

  test('refuses another secret, another body and another time', () => {
    fc.assert(
      fc.property(anyObjectText, anyOwnSecret, anyOwnSecret, (dataText, secret, other) => {
        fc.pre(secret !== other);
        const body = bodyOf(dataText);
        const headers = headersOf(body, secret);
        const later = { ...headers, 'X-Slack-Request-Timestamp': String(NOW + 1) };
        expect(isFromSlack(headers, USUAL, body, other, NOW)).toBe(false);
        expect(isFromSlack(headers, USUAL, `${body} `, secret, NOW)).toBe(false);
        expect(isFromSlack(later, USUAL, body, secret, NOW)).toBe(false);
      }),
    );
  });

  test('while we rotate, accepts the usual header with the old secret and -Next with the new one, not crosswise', () => {
    fc.assert(
      fc.property(anyObjectText, anyOwnSecret, anyOwnSecret, (dataText, secret, nextSecret) => {
        fc.pre(secret !== nextSecret);
        const body = bodyOf(dataText);
        const headers = headersOf(body, secret, nextSecret);
        const accepts = (key: string, name: string) => isFromSlack(headers, name, body, key, NOW);
        expect([accepts(secret, USUAL), accepts(nextSecret, NEXT)]).toEqual([true, true]);
        expect([accepts(secret, NEXT), accepts(nextSecret, USUAL)]).toEqual([false, false]);
      }),
    );
  });
});
