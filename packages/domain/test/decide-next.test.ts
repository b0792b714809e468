import { describe, expect, test } from '@jest/globals';
import { profiles } from '@posthorn/wire/profiles';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import { standardWebhooks } from '@posthorn/wire/profiles/standard-webhooks';
import fc from 'fast-check';
import { type AttemptOutcome, attemptOutcomes } from '../src/delivery/attempt-outcome.ts';
import { type DeliveryPolicy, decideNext, type FinishedAttempt, type NextStep } from '../src/delivery/decide-next.ts';
import { isOpen } from '../src/delivery/delivery-status.ts';
import { retryDelay } from '../src/delivery/retry-delay.ts';

const MINUTE = 60_000;
const chance = { minuteMs: MINUTE, random: 0.5 };
const attempt = (over: Partial<FinishedAttempt> = {}): FinishedAttempt => ({
  number: 1,
  outcome: 'rejected',
  responseStatus: 500,
  retryAfterMs: null,
  ...over,
});
const decide = (policy: DeliveryPolicy, over: Partial<FinishedAttempt>) => decideNext(policy, attempt(over), chance);
const failures = attemptOutcomes.filter((outcome) => outcome !== 'succeeded');

describe('One attempt', () => {
  test.each([1, 2, 6])('a success on attempt %d ends the delivery', (number) => {
    expect(decide(connectDomain, { number, outcome: 'succeeded', responseStatus: 204 })).toEqual({
      status: 'succeeded',
    });
  });

  test.each(failures)('%s is retried on the schedule while attempts are left', (outcome) => {
    for (const number of [1, 2, 3, 4, 5]) {
      expect(decide(connectDomain, { number, outcome, responseStatus: null })).toEqual({
        status: 'retrying',
        delayMs: 2 ** (number - 1) * MINUTE,
      });
    }
  });

  test.each(failures)('%s on the last attempt fails the delivery', (outcome) => {
    expect(decide(connectDomain, { number: 6, outcome, responseStatus: null })).toEqual({
      status: 'failed',
      disable: null,
    });
  });

  test.each([429, 503])('%d honours a later Retry-After', (responseStatus) => {
    expect(decide(connectDomain, { responseStatus, retryAfterMs: 10 * MINUTE })).toEqual({
      status: 'retrying',
      delayMs: 10 * MINUTE,
    });
  });

  test.each([null, 301, 400, 404, 408, 413, 500, 502, 504])('%j does not honour Retry-After', (responseStatus) => {
    expect(decide(connectDomain, { responseStatus, retryAfterMs: 10 * MINUTE })).toEqual({
      status: 'retrying',
      delayMs: MINUTE,
    });
  });

  test('Retry-After makes no attempt of its own: the last one stays the last', () => {
    expect(decide(connectDomain, { number: 6, responseStatus: 429, retryAfterMs: MINUTE }).status).toBe('failed');
  });

  test('410 ends the delivery and disables the endpoint where the profile says so, and only there', () => {
    expect(decide(standardWebhooks, { responseStatus: 410 })).toEqual({
      status: 'failed',
      disable: 'The endpoint answered 410 Gone',
    });
    expect(decide(connectDomain, { responseStatus: 410 }).status).toBe('retrying');
  });

  test('a profile that disables on exhaustion says why', () => {
    const policy: DeliveryPolicy = { ...connectDomain, attempts: 5, onExhausted: 'disable-endpoint' };
    expect(decide(policy, { number: 5 })).toEqual({ status: 'failed', disable: 'A delivery failed 5 times' });
    expect(decide(policy, { number: 4 }).status).toBe('retrying');
  });
});

/** One thing that happened at a receiver. */
type Happening = Omit<FinishedAttempt, 'number'>;
const anyOutcome: fc.Arbitrary<AttemptOutcome> = fc.constantFrom(...attemptOutcomes);
const anyHistory = fc.array(
  fc.record({
    outcome: anyOutcome,
    responseStatus: fc.option(fc.constantFrom(200, 301, 404, 410, 429, 500, 503)),
    retryAfterMs: fc.option(fc.nat(100 * 60 * MINUTE)),
  }),
  { minLength: 20, maxLength: 20 },
);

/** Plays a history through the decisions, as dispatchers do: an open delivery is attempted, a final one never again. */
function play(
  policy: DeliveryPolicy,
  history: readonly Happening[],
  random: number,
): { steps: NextStep[]; used: Happening[] } {
  const steps: NextStep[] = [];
  const used: Happening[] = [];
  for (const happening of history) {
    used.push(happening);
    const step = decideNext(policy, { ...happening, number: used.length }, { minuteMs: 1_000, random });
    steps.push(step);
    if (!isOpen(step.status)) break;
  }
  return { steps, used };
}

describe.each(profiles.map((policy) => ({ name: policy.name, policy })))('Any history under $name', ({ policy }) => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('uses no more attempts than the profile has, and ends', () => {
    fc.assert(
      fc.property(anyHistory, random, (history, chanceOf) => {
        const { steps } = play(policy, history, chanceOf);
        expect(steps.length).toBeLessThanOrEqual(policy.attempts);
        expect(isOpen(steps.at(-1)?.status ?? 'pending')).toBe(false);
      }),
    );
  });

  test('succeeds exactly when an attempt did', () => {
    fc.assert(
      fc.property(anyHistory, random, (history, chanceOf) => {
        const { steps, used } = play(policy, history, chanceOf);
        expect(steps.at(-1)?.status === 'succeeded').toBe(used.at(-1)?.outcome === 'succeeded');
        expect(steps.slice(0, -1).every(({ status }) => status === 'retrying')).toBe(true);
      }),
    );
  });

  test('fails early only for 410, and only where that disables', () => {
    fc.assert(
      fc.property(anyHistory, random, (history, chanceOf) => {
        const { steps, used } = play(policy, history, chanceOf);
        const early = steps.at(-1)?.status === 'failed' && steps.length < policy.attempts;
        if (early) expect([policy.goneDisables, used.at(-1)?.responseStatus]).toEqual([true, 410]);
      }),
    );
  });

  test('waits what the schedule says, and longer only for 429 and 503', () => {
    fc.assert(
      fc.property(anyHistory, random, (history, chanceOf) => {
        const { steps, used } = play(policy, history, chanceOf);
        steps.forEach((step, index) => {
          if (step.status !== 'retrying') return;
          const plain = { attempt: index + 1, minuteMs: 1_000, random: chanceOf, retryAfterMs: null };
          const scheduled = retryDelay(policy, plain);
          const throttled = [429, 503].includes(used[index]?.responseStatus ?? 0);
          if (throttled) expect(step.delayMs).toBeGreaterThanOrEqual(scheduled);
          else expect(step.delayMs).toBe(scheduled);
        });
      }),
    );
  });
});
