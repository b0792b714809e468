import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fillTemplate, placeholdersOf, readTemplate } from '../src/fill-template.ts';

const name = fc.stringMatching(/^\w{1,12}$/);
/** Values that a stranger could choose: placeholders, what `replace` would take for a pattern, and any text. */
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  name.map((each) => `{${each}}`),
  fc.constantFrom('$&', '$1', '$$', '$`', '{body}', '{', '}', '{{body}}'),
);
/** Text of a template outside its placeholders. */
const literal = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.replaceAll(/[{}]/g, ''));

describe('Filling', () => {
  test('puts each value where its name stands, once: a value is never looked at again', () => {
    const part = fc.record({ before: literal, name, value });
    fc.assert(
      fc.property(fc.uniqueArray(part, { selector: (each) => each.name, maxLength: 5 }), literal, (parts, end) => {
        const template = `${parts.map((each) => `${each.before}{${each.name}}`).join('')}${end}`;
        const values = Object.fromEntries(parts.map((each) => [each.name, each.value]));
        expect(fillTemplate(template, values)).toBe(`${parts.map((each) => each.before + each.value).join('')}${end}`);
      }),
    );
  });

  test('leaves a name without a value as it is, even one that every object answers to', () => {
    fc.assert(
      fc.property(fc.oneof(name, fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty')), (each) => {
        expect(fillTemplate(`a{${each}}b`, {})).toBe(`a{${each}}b`);
      }),
    );
  });

  test('fills every place of the same name', () => {
    expect(fillTemplate('{a}-{a}{b}', { a: '{b}', b: '$&' })).toBe('{b}-{b}$&');
  });
});

describe('Placeholders', () => {
  test('are the names in braces, in their order, with what stands twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, name)), literal, (parts, end) => {
        const template = `${parts.map(([before, each]) => `${before}{${each}}`).join('')}${end}`;
        expect(placeholdersOf(template)).toEqual(parts.map(([, each]) => each));
      }),
    );
  });
});

describe('Reading', () => {
  test('gives back what one placeholder was filled with', () => {
    fc.assert(
      fc.property(literal, name, literal, value, (before, each, after, given) => {
        const template = `${before}{${each}}${after}`;
        expect(readTemplate(template, fillTemplate(template, { [each]: given }))).toBe(given);
      }),
    );
  });

  test('says of any text either what fills the template to that text, or that nothing does', () => {
    const text = fc.oneof(
      value,
      literal.map((each) => `t=${each};`),
      fc.constantFrom('t=;', 't=', ';', 't;', 't=;;'),
    );
    fc.assert(
      fc.property(text, (given) => {
        const found = readTemplate('t={timestamp};', given);
        if (found === undefined) expect(given).not.toMatch(/^t=[^]*;$/);
        else expect(fillTemplate('t={timestamp};', { timestamp: found })).toBe(given);
      }),
    );
  });

  test('does not let the text before and the text after overlap', () => {
    expect(readTemplate('ab{x}ba', 'aba')).toBeUndefined();
    expect(readTemplate('ab{x}ba', 'abba')).toBe('');
  });

  test('finds nothing in a template that has no placeholder', () => {
    for (const text of ['v1', 'v1x', '']) expect(readTemplate('v1', text)).toBeUndefined();
  });
});
