import { expect, test } from '@jest/globals';
import { Overloaded } from '@posthorn/runtime/overloaded';
import fc from 'fast-check';
import { type BodyRoom, createBodyRoom } from '../src/http/body-room.ts';
import { holdBody } from './hold-body.ts';

const MIB = 1_048_576;
const BATCH_BYTES = 4 * MIB;
const SINGLE_BYTES = 262_144;

/** Takes as often as there is room. @returns how often */
function takeAll(room: BodyRoom, tenantId: string, bytes: number): number {
  for (let count = 0; ; count += 1) {
    try {
      holdBody(room, tenantId, bytes);
    } catch {
      return count;
    }
  }
}

test('A tenant alone has room for eight of the largest batches, and for the batch after them once one is given back', () => {
  const room = createBodyRoom();
  const giveBack = holdBody(room, 'a', BATCH_BYTES);
  expect(takeAll(room, 'a', BATCH_BYTES)).toBe(7);
  expect(() => holdBody(room, 'a', 1)).toThrow(Overloaded);
  giveBack();
  expect(takeAll(room, 'a', BATCH_BYTES)).toBe(1);
});

test.each([
  ['seven tenants', 'a batch', 7, BATCH_BYTES],
  ['sixteen tenants', 'a single event', 16, SINGLE_BYTES],
  ['thirty tenants', 'a body of 4 KiB', 30, 4_096],
])('After %s have taken all the room they may, there is some for %s of the next', (_tenants, _what, greedy, bytes) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: BATCH_BYTES }), (piece) => {
      const room = createBodyRoom();
      for (let index = 0; index < greedy; index += 1) takeAll(room, `greedy ${index}`, Math.max(piece, 4_096));
      expect(takeAll(room, 'next', bytes)).toBeGreaterThan(0);
    }),
    { numRuns: 20 },
  );
});

type Step = { readonly who: string; readonly bytes: number } | { readonly back: number };

const steps = fc.array(
  fc.oneof(
    fc.record({ who: fc.constantFrom('a', 'b', 'c', 'd', 'e'), bytes: fc.nat(400) }),
    fc.record({ back: fc.nat(40) }),
  ),
  { maxLength: 200, size: 'max' },
);

test('Never is more held than there is, nor more by a tenant than a quarter of what the others leave it; and what is given back can be taken again', () => {
  const maxBytes = 1_000;
  fc.assert(
    fc.property(steps, (asked: readonly Step[]) => {
      const room = createBodyRoom(maxBytes);
      const open = new Map(['a', 'b', 'c', 'd', 'e'].map((who) => [who, room.open(who)]));
      const held = new Map<string, number>();
      const sum = () => [...held.values()].reduce((total, bytes) => total + bytes, 0);
      for (const step of asked) {
        if ('back' in step) {
          const who = [...held.keys()][step.back % Math.max(1, held.size)];
          if (who === undefined) continue;
          open.get(who)?.giveBack();
          held.delete(who);
          continue;
        }
        const own = held.get(step.who) ?? 0;
        const left = maxBytes - (sum() - own);
        const take = () => open.get(step.who)?.take(step.bytes);
        if (own + step.bytes <= left / 4) {
          expect(take).not.toThrow();
          held.set(step.who, own + step.bytes);
        } else expect(take).toThrow(Overloaded);
        expect(sum()).toBeLessThanOrEqual(maxBytes);
      }
      for (const hold of open.values()) hold.giveBack();
      expect(takeAll(room, 'next', maxBytes / 4)).toBe(1);
    }),
  );
});
