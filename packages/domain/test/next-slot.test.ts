import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextSlot } from '../src/endpoint/next-slot.ts';

const rate = fc.integer({ min: 1, max: 10_000 });
/** Ms since the epoch, in this century. */
const moment = fc.double({ min: 1.7e12, max: 4e12, noNaN: true });

test('Alone, a request follows the one before by its slot', () => {
  fc.assert(
    fc.property(moment, rate, (at, perSecond) => {
      expect(nextSlot(at, { perSecond, dispatchers: 1, place: 0 })).toBe(at + 1_000 / perSecond);
    }),
  );
});

test('Each dispatcher goes on from slot to slot of its own, and no slot belongs to two', () => {
  const shared = fc
    .integer({ min: 2, max: 12 })
    .chain((dispatchers) => fc.tuple(fc.constant(dispatchers), fc.nat(dispatchers - 1)));
  fc.assert(
    fc.property(
      moment,
      rate,
      shared,
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      (at, perSecond, [dispatchers, place], ahead) => {
        const slotMs = 1_000 / perSecond;
        let start = nextSlot(at, { perSecond, dispatchers, place });
        expect(start).toBeGreaterThan(at - slotMs / 20);
        for (let round = 0; round < 5; round += 1) {
          expect(Math.round(start / slotMs) % dispatchers).toBe(place);
          // To the gate's own clock and back, as the dispatcher does it.
          const next = nextSlot(start - ahead + ahead, { perSecond, dispatchers, place });
          expect((next - start) / slotMs).toBeCloseTo(dispatchers, 1);
          start = next;
        }
      },
    ),
  );
});
