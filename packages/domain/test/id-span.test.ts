import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVERY_ID, spanOf, widened } from '../src/id-span.ts';
import { uuidMoment } from '../src/uuid-time.ts';

const anyIds = fc.array(fc.uuid({ version: 7 }), { minLength: 1 });

test('The span of ids begins and ends with one of them, and holds all', () => {
  fc.assert(
    fc.property(anyIds, (ids) => {
      const { from, to } = spanOf(ids);
      expect([from, to].filter((end) => !ids.includes(end))).toEqual([]);
      expect(ids.filter((id) => id < from || id > to)).toEqual([]);
    }),
  );
});

test('A widened span holds every id of a moment that is no more than that from one inside', () => {
  fc.assert(
    fc.property(anyIds, fc.uuid({ version: 7 }), fc.nat(), (ids, other, ms) => {
      const span = spanOf(ids);
      const { from, to } = widened(span, ms);
      const [at, earliest, latest] = [other, span.from, span.to].map((id) => uuidMoment(id).getTime()) as [
        number,
        number,
        number,
      ];
      expect(other >= from && other <= to).toBe(at >= earliest - ms && at <= latest + ms);
    }),
  );
});

test('What is wider than all that there are is all', () => {
  expect(widened(EVERY_ID, 1)).toEqual(EVERY_ID);
});
