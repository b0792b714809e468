import { expect } from '@jest/globals';
import { type DeliveryStatus } from '@posthorn/domain/delivery/delivery-status';
import type { StatsFigures } from '../src/operator/read-stats.ts';
import type { StatsScope } from '../src/operator/stats-sources.ts';

/** A delivery as the test made it. */
export interface MadeDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly atMs: number;
  status: DeliveryStatus;
}

/** An attempt as the test recorded it. */
export interface MadeAttempt {
  readonly endpointId: string;
  readonly atMs: number;
  readonly ok: boolean;
  /** `null`: it got no answer. */
  readonly answeredMs: number | null;
}

/** The longest duration that the sums do not tell from this one. */
export const summedMs = (ms: number): number => {
  const shared = Math.max(0, Math.floor(Math.log2(Math.max(ms, 1))) - 7);
  return ms | (2 ** shared - 1);
};

function nearestRank(durations: readonly number[], percent: number): number | null {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) * 100 >= percent * sorted.length) ?? null;
}

/** A percentile is exact for what was read from rows, and what the sums make of it for the rest. */
function expectPercentile(shown: number | null, attempts: readonly MadeAttempt[], percent: number): void {
  const exact = nearestRank(
    attempts.flatMap(({ answeredMs }) => (answeredMs === null ? [] : [answeredMs])),
    percent,
  );
  if (exact === null) return expect(shown).toBeNull();
  expect(shown).toBeGreaterThanOrEqual(exact);
  expect(shown).toBeLessThanOrEqual(summedMs(exact));
}

const outcomesOf = (attempts: readonly MadeAttempt[]) => ({
  succeeded: attempts.filter(({ ok }) => ok).length,
  failed: attempts.filter(({ ok }) => !ok).length,
});

function bucketsOf<Made extends { readonly atMs: number }>(
  made: readonly Made[],
  lengthMs: number,
): Map<number, Made[]> {
  const buckets = new Map<number, Made[]>();
  for (const each of made) {
    const start = Math.floor(each.atMs / lengthMs) * lengthMs;
    buckets.set(start, [...(buckets.get(start) ?? []), each]);
  }
  return new Map([...buckets].sort(([a], [b]) => a - b));
}

/** The figures are those that counting one by one gives. */
export function expectCounted(
  figures: StatsFigures,
  scope: StatsScope,
  made: { readonly deliveries: readonly MadeDelivery[]; readonly attempts: readonly MadeAttempt[] },
): void {
  const lengthMs = scope.bucketSeconds * 1_000;
  const wanted = ({ atMs, endpointId }: { atMs: number; endpointId: string }): boolean =>
    atMs >= figures.sinceMs && (scope.endpointId === null || endpointId === scope.endpointId);
  const attempts = made.attempts.filter(wanted);
  const buckets = bucketsOf(attempts, lengthMs);
  expect(figures.buckets.map(({ atMs, succeeded, failed }) => ({ atMs, succeeded, failed }))).toEqual(
    [...buckets].map(([atMs, own]) => ({ atMs, ...outcomesOf(own) })),
  );
  for (const { atMs, p95Ms } of figures.buckets) expectPercentile(p95Ms, buckets.get(atMs) ?? [], 95);
  expectPercentile(figures.p50Ms, attempts, 50);
  expectPercentile(figures.p95Ms, attempts, 95);
  const endpoints = Object.fromEntries(
    [...new Set(attempts.map(({ endpointId }) => endpointId))].map((id) => {
      const own = bucketsOf(
        attempts.filter(({ endpointId }) => endpointId === id),
        lengthMs,
      );
      return [id, [...own].map(([atMs, some]) => ({ atMs, ...outcomesOf(some) }))];
    }),
  );
  expect(
    Object.fromEntries(
      figures.endpoints.map(({ endpointId, buckets: own }) => [endpointId, [...own].sort((a, b) => a.atMs - b.atMs)]),
    ),
  ).toEqual(endpoints);
  const stand = [...bucketsOf(made.deliveries.filter(wanted), lengthMs)].flatMap(([atMs, own]) =>
    [...new Set(own.map(({ status }) => status))].map(
      (status) => `${atMs} ${status} ${own.filter((delivery) => delivery.status === status).length}`,
    ),
  );
  expect(figures.made.map(({ atMs, status, count }) => `${atMs} ${status} ${count}`).sort()).toEqual(stand.sort());
}
