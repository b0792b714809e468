import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { uuidCeiling, uuidFloor, uuidMoment } from '../src/uuid-time.ts';

const anyMoment = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test("A UUIDv7's moment is the one it was made at", () => {
  expect(uuidMoment('017f22e2-79b0-7cc3-98c4-dc0c0c07398f').toISOString()).toBe('2022-02-22T19:22:22.000Z');
});

test('The floor of a moment holds that moment, and sorts moments', () => {
  fc.assert(
    fc.property(anyMoment, anyMoment, (a, b) => {
      expect(uuidMoment(uuidFloor(new Date(a))).getTime()).toBe(a);
      expect(uuidFloor(new Date(a)) < uuidFloor(new Date(b))).toBe(a < b);
    }),
  );
});

test('No UUID of a moment is below its floor, none of an earlier moment is above it', () => {
  fc.assert(
    fc.property(fc.uuid({ version: 7 }), (uuid) => {
      const at = uuidMoment(uuid).getTime();
      expect(uuid >= uuidFloor(new Date(at))).toBe(true);
      expect(uuid < uuidFloor(new Date(at + 1)) || at === 2 ** 48 - 1).toBe(true);
    }),
  );
});

test('No UUID of a moment is above its ceiling, none of a later moment is below it', () => {
  fc.assert(
    fc.property(fc.uuid({ version: 7 }), (uuid) => {
      const at = uuidMoment(uuid).getTime();
      expect(uuid <= uuidCeiling(new Date(at))).toBe(true);
      expect(uuid > uuidCeiling(new Date(at - 1)) || at === 0).toBe(true);
    }),
  );
});

test('Moments outside the range of a UUIDv7 give its ends', () => {
  expect(uuidFloor(new Date(-1))).toBe('00000000-0000-0000-0000-000000000000');
  expect(uuidFloor(new Date(8.64e15))).toBe('ffffffff-ffff-0000-0000-000000000000');
});
