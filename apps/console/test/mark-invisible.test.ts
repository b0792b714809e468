import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markInvisible, spellInvisible } from '../src/show/mark-invisible.ts';

const shown = (text: string, isExact = false) =>
  markInvisible(text, isExact)
    .map((part) => (part.isMark ? `[${part.text}]` : part.text))
    .join('');

test('what turns text around or has no width is written out', () => {
  expect(shown('job \u202Egnp.exe')).toBe(String.raw`job [\u202E]gnp.exe`);
  expect(shown('a\u200Bb\u2060c\uFEFFd\u200Fe\u061Cf\u2066g')).toBe(
    String.raw`a[\u200B]b[\u2060]c[\uFEFF]d[\u200F]e[\u061C]f[\u2066]g`,
  );
  expect(shown('\u0000\u001B[31m\u007F\u0085')).toBe(String.raw`[\u0000][\u001B][31m[\u007F][\u0085]`);
  expect(shown('\u{E0041}\uD800')).toBe(String.raw`[\u{E0041}][\uD800]`);
  expect(spellInvisible('a\u202Eb')).toBe(String.raw`a\u202Eb`);
});

test('what can be read stays as it is, in every script', () => {
  const plain = 'Zażółć gęślą jaźń · 漢字 · العربية · עברית · 😀 · two\tcells\nand lines\r\n';
  expect([shown(plain), shown(plain, true)]).toEqual([plain, plain]);
  expect(shown('a\rb')).toBe(String.raw`a[\u000D]b`);
});

test('joiners stay where a script or an emoji needs them, but not in what is signed', () => {
  const needed = ['می\u200Cخواهم', 'क्\u200Dष', '👩🏽\u200D💻', '❤️\u200D🔥'];
  expect(needed.map((text) => shown(text))).toEqual(needed);
  expect(needed.map((text) => shown(text, true)).every((text) => /\[\\u200[CD]\]/.test(text))).toBe(true);
  expect(shown('pay\u200Dpal\u200C')).toBe(String.raw`pay[\u200D]pal[\u200C]`);
});

test('a text of nothing else stays small, and nothing of any text is lost', () => {
  expect(markInvisible('\u200Ba'.repeat(50_000), true)).toHaveLength(1);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isExact) => {
      const whole = markInvisible(text, isExact)
        .map((part) =>
          part.isMark ? String.fromCodePoint(Number.parseInt(part.text.replaceAll(/[\\u{}]/g, ''), 16)) : part.text,
        )
        .join('');
      expect(whole).toBe(text);
      expect(markInvisible(text, isExact).some((part) => part.text === '')).toBe(false);
    }),
  );
});
