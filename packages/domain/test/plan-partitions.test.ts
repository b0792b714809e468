import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planPartitions } from '../src/partition/plan-partitions.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-18T15:00:00Z');
const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

test.each([
  ['enough ahead: nothing', '2026-11-30', 30, []],
  ['the next one, as long as a quarter of the retention', '2026-11-23', 30, ['2026-11-23', '2026-11-30']],
  ['days, where the retention is short', '2026-11-20', 2, ['2026-11-20', '2026-11-21', '2026-11-22']],
  ['a month, where nothing ever goes', '2026-11-20', 0, ['2026-11-20', '2026-12-20']],
  ['from the coming midnight on, after a gap', '2026-10-01', 8, ['2026-11-19', '2026-11-21', '2026-11-23']],
])('%s', (_, lastEnds, retentionDays, edges) => {
  const planned = planPartitions(NOW, day(lastEnds), retentionDays);
  expect(planned).toEqual(edges.slice(1).map((edge, index) => ({ starts: day(edges[index] ?? ''), ends: day(edge) })));
});

test('Whatever there is, what is planned follows on, from midnight to midnight, and reaches three days ahead', () => {
  const anyDay = fc.integer({ min: 20_000, max: 21_000 });
  fc.assert(
    fc.property(anyDay, fc.option(anyDay), fc.integer({ min: 0, max: 400 }), (today, lastDay, retentionDays) => {
      const now = new Date(today * DAY_MS + 12_345);
      const lastEnds = lastDay === null ? null : new Date(lastDay * DAY_MS);
      const planned = planPartitions(now, lastEnds, retentionDays);
      const reach = planned.at(-1)?.ends ?? lastEnds ?? now;
      expect(reach.getTime()).toBeGreaterThanOrEqual(now.getTime() + 3 * DAY_MS);
      for (const [index, { starts, ends }] of planned.entries()) {
        expect([starts.getTime() % DAY_MS, ends.getTime() % DAY_MS, starts < ends]).toEqual([0, 0, true]);
        if (index > 0) expect(starts).toEqual(planned[index - 1]?.ends);
        else expect(starts > now && (lastEnds === null || starts >= lastEnds)).toBe(true);
      }
      expect(planned.length).toBeLessThan(10);
    }),
  );
});
