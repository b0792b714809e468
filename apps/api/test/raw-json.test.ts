import { describe, expect, test } from '@jest/globals';
import { isNestedDeeper } from '@posthorn/domain/raw-json/is-nested-deeper';
import { minifyJson } from '@posthorn/domain/raw-json/minify-json';
import { splitArray, splitObject } from '@posthorn/domain/raw-json/split-json';
import fc from 'fast-check';

/** JSON text of a value with white space wherever the grammar allows it. */
const spaced = (value: unknown): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom('', ' ', '\n', '\t', ' \r\n'), { minLength: 5, maxLength: 5 }).map((spaces) => {
    let next = 0;
    const gap = () => spaces[next++ % spaces.length];
    const write = (inner: unknown): string => {
      if (Array.isArray(inner)) return `[${gap()}${inner.map(write).join(`${gap()},${gap()}`)}${gap()}]`;
      if (typeof inner !== 'object' || inner === null) return JSON.stringify(inner);
      const members = Object.entries(inner).map(
        ([key, member]) => `${JSON.stringify(key)}${gap()}:${gap()}${write(member)}`,
      );
      return `{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}`;
    };
    return `${gap()}${write(value)}${gap()}`;
  });

const text = fc.string({ unit: 'binary' });
const jsonText = fc.jsonValue({ stringUnit: 'binary' }).chain((value) => spaced(value));

describe('minifyJson', () => {
  test('keeps the value and takes every insignificant space', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'binary' }).chain((value) => fc.tuple(fc.constant(value), spaced(value))),
        ([value, written]) => {
          expect(minifyJson(written)).toBe(JSON.stringify(value));
        },
      ),
    );
  });

  test.each([
    ['5', 0],
    ['[]', 1],
    ['{"a":[{"b":1}]}', 3],
    ['"[[["', 0],
    ['[[],[[]]]', 3],
  ])('the depth of %s is %d', (written, depth) => {
    expect([0, 1, 2, 3].filter((levels) => isNestedDeeper(written, levels))).toHaveLength(depth);
  });
});

describe('splitObject and splitArray', () => {
  test('find what JSON.parse finds, the last of two names included', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('data', '__proto__')), jsonText)), (members) => {
        const written = `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
        const split = splitObject(minifyJson(written));
        const parsed = JSON.parse(written) as object;
        const found = [...split].map(([key, value]) => [key, JSON.parse(value) as unknown] as const);
        expect(new Map(found)).toEqual(new Map(Object.entries(parsed)));
      }),
    );
  });

  test('escaped names are decoded', () => {
    expect(splitObject('{"d\\u0061ta":1,"a\\"b":2}')).toEqual(
      new Map([
        ['data', '1'],
        ['a"b', '2'],
      ]),
    );
  });

  test('give an array’s elements as they were written', () => {
    fc.assert(
      fc.property(fc.array(jsonText), (elements) => {
        const split = splitArray(minifyJson(`[${elements.join(',')}]`));
        expect(split).toEqual(elements.map((element) => minifyJson(element)));
      }),
    );
    expect(splitArray('[1.10,-0,1e400,"a,]",{"x":[]}]')).toEqual(['1.10', '-0', '1e400', '"a,]"', '{"x":[]}']);
  });
});
