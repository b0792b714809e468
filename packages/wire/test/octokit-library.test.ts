import { describe, expect, test } from '@jest/globals';
import { sign as signAsGitHub, verify as verifyAsGitHub, verifyWithFallback } from '@octokit/webhooks-methods';
import fc from 'fast-check';
import { buildEnvelope } from '../src/build-envelope.ts';
import { github } from '../src/profiles/github.ts';
import { sign } from '../src/sign.ts';
import { verify } from '../src/verify.ts';
import { anAttempt } from './an-attempt.ts';
import { anEvent } from './an-event.ts';
import { anyObjectText, anyOwnSecret } from './arbitraries.ts';

// GitHub's own library, as a receiver and as a sender.
const [USUAL, NEXT] = ['X-Hub-Signature-256', 'X-Hub-Signature-256-Next'];
const bodyOf = (dataText: string) => buildEnvelope(github, anEvent({ dataText }));
const headersOf = (body: string, secret: string, nextSecret?: string) =>
  sign(github.signature, anAttempt({ body, secret, nextSecret }));

describe("GitHub's library", () => {
  test('accepts what we sign', async () => {
    await fc.assert(
      fc.asyncProperty(anyObjectText, anyOwnSecret, async (dataText, secret) => {
        const body = bodyOf(dataText);
        expect(await verifyAsGitHub(secret, body, headersOf(body, secret)[USUAL] ?? '')).toBe(true);
      }),
    );
  });

  test('refuses another secret and another body', async () => {
    await fc.assert(
      fc.asyncProperty(anyObjectText, anyOwnSecret, anyOwnSecret, async (dataText, secret, other) => {
        fc.pre(secret !== other);
        const body = bodyOf(dataText);
        const signature = headersOf(body, secret)[USUAL] ?? '';
        expect(await verifyAsGitHub(other, body, signature)).toBe(false);
        expect(await verifyAsGitHub(secret, `${body} `, signature)).toBe(false);
      }),
    );
  });

  test('while we rotate, accepts the usual header with the old secret and -Next with the new one, not crosswise', async () => {
    await fc.assert(
      fc.asyncProperty(anyObjectText, anyOwnSecret, anyOwnSecret, async (dataText, secret, nextSecret) => {
        fc.pre(secret !== nextSecret);
        const body = bodyOf(dataText);
        const headers = headersOf(body, secret, nextSecret);
        const accepts = (key: string, name: string) => verifyAsGitHub(key, body, headers[name] ?? '');
        expect([await accepts(secret, USUAL), await accepts(nextSecret, NEXT)]).toEqual([true, true]);
        expect([await accepts(secret, NEXT), await accepts(nextSecret, USUAL)]).toEqual([false, false]);
        expect(await verifyWithFallback(nextSecret, body, headers[USUAL] ?? '', [secret])).toBe(true);
      }),
    );
  });

  test('signs what we accept', async () => {
    await fc.assert(
      fc.asyncProperty(anyObjectText, anyOwnSecret, async (body, secret) => {
        const headers = { 'x-hub-signature-256': await signAsGitHub(secret, body) };
        expect(verify(github.signature, { headers, body, secrets: [secret], now: 0 })).toEqual({ ok: true });
      }),
    );
  });
});
