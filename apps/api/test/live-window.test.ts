import { describe, expect, test } from '@jest/globals';
import { uuidFloor } from '@posthorn/domain/uuid-time';
import fc from 'fast-check';
import { advanceWindow, type LiveWindow, NO_ID, openWindow } from '../src/live/live-window.ts';

const START_MS = Date.parse('2026-11-21T12:00:00Z');

/** An id of that moment, in ms after the start; `n` tells those of one moment apart. */
const idAt = (ms: number, n = 0): string =>
  `${uuidFloor(new Date(START_MS + ms)).slice(0, -12)}${String(n).padStart(12, '0')}`;
const at = (ms: number): Date => new Date(START_MS + ms);

/** What a look finds of these rows: as the statement does. */
const findIn = ({ floor, seen }: LiveWindow, rows: readonly string[]): string[] =>
  rows.filter((id) => id > floor && !seen.includes(id)).sort();

test('Every row is found once, also one that is committed up to 5 s after a newer one', () => {
  const row = fc.record({ ms: fc.integer({ min: 0, max: 60_000 }), lateMs: fc.integer({ min: 0, max: 4_999 }) });
  fc.assert(
    fc.property(
      fc.uniqueArray(row, { maxLength: 100, size: 'max', selector: ({ ms }) => ms }),
      fc.boolean(),
      (rows, byStatus) => {
        let window = openWindow([], idAt(-1), byStatus);
        const found: string[] = [];
        for (let now = 0; now <= 70_000; now += 1_000) {
          const committed = rows.filter(({ ms, lateMs }) => ms + lateMs <= now).map(({ ms }) => idAt(ms));
          const news = findIn(window, committed);
          found.push(...news);
          window = advanceWindow(window, news, at(now));
        }
        expect([...found].sort()).toEqual(rows.map(({ ms }) => idAt(ms)).sort());
      },
    ),
  );
});

describe('The window', () => {
  test('of who knows a newest delivery shows what is newer, and beneath it what came late, but not what is known', () => {
    const window = openWindow([idAt(9_000), idAt(10_000)], NO_ID, false);
    const rows = [idAt(4_000), idAt(6_000), idAt(9_000), idAt(10_000), idAt(10_001)];
    expect(findIn(window, rows)).toEqual([idAt(6_000), idAt(10_001)]);
  });

  test('shows what comes to have the wanted status up to ten minutes after it was made', () => {
    const window = openWindow([idAt(700_000)], NO_ID, true);
    expect(findIn(window, [idAt(99_999), idAt(100_001)])).toEqual([idAt(100_001)]);
  });

  test('never goes back beneath its floor', () => {
    const window = openWindow([idAt(10_000)], idAt(9_000), false);
    expect(findIn(window, [idAt(8_000), idAt(9_500)])).toEqual([idAt(9_500)]);
    const later = advanceWindow(window, [], at(10_000));
    expect(findIn(later, [idAt(8_000), idAt(9_500)])).toEqual([idAt(9_500)]);
  });

  test('does not reach back more than ten minutes once it was looked into, however little was found', () => {
    const window = openWindow([], NO_ID, false);
    expect(findIn(window, [idAt(0)])).toEqual([idAt(0)]);
    expect(findIn(advanceWindow(window, [], at(600_001)), [idAt(0), idAt(2)])).toEqual([idAt(2)]);
  });

  test('keeps 500 ids at the most, and does not show again what it forgets', () => {
    const ids = Array.from({ length: 800 }, (_, n) => idAt(0, n));
    const window = advanceWindow(openWindow([], NO_ID, false), ids, at(0));
    expect(window.seen).toHaveLength(500);
    expect(findIn(window, ids)).toEqual([]);
  });
});
