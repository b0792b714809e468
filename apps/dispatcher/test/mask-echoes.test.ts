import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEchoMask } from '../src/attempt/mask-echoes.ts';
import { showResponse } from '../src/attempt/show-response.ts';

const token = 'tok_4f8a1c9e2b7d';
const sent = [`Bearer ${token}`, 'with "quotes" in it', 'short', 'token="canary-in-quotes"', `v1,${'s'.repeat(43)}=`];
const mask = (text: string): string => createEchoMask(sent, [text])(text);
const showBody = (text: string, values = sent): string | null =>
  showResponse(null, Buffer.from(text), values).responseBody;
const showHeader = (name: string, value: string): string | null =>
  showResponse({ [name]: value }, null, sent).responseHeaders;

describe('What a receiver repeats of what it was sent is masked', () => {
  test.each([
    [`you sent Bearer ${token}, thanks`, 'you sent ***, thanks'],
    [`{"token":"${token}"}`, '{"token":"***"}'],
    [`${token}${token}`, '******'],
    [JSON.stringify({ header: 'with "quotes" in it' }), '{"header":"***"}'],
    [`signature v1,${'s'.repeat(43)}=`, 'signature ***'],
    [`signature ${'s'.repeat(43)}`, 'signature ***'],
    [
      'with quotes around a value: it is masked without them, canary-in-quotes',
      'with quotes around a value: it is masked without them, ***',
    ],
    ['nothing of it', 'nothing of it'],
    ['a short value by itself', 'a *** value by itself'],
    ['a shortcut stays, and so does unshort', 'a shortcut stays, and so does unshort'],
  ])('%s', (text, shown) => {
    expect(mask(text)).toBe(shown);
    expect(showBody(text)).toBe(shown);
    expect(showHeader('x-echo', text)).toBe(JSON.stringify({ 'x-echo': shown }));
  });

  const odd = 'KUNDE/98+76="<ä&b>\'';
  const oddMask = (text: string): string => createEchoMask([`Bearer ${odd}`], [text])(text);
  const ascii = (text: string) =>
    text.replaceAll(/[<>&'+=\u0080-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  test.each([
    ['as PHP writes JSON', JSON.stringify({ a: odd }).replaceAll('/', '\\/')],
    ['as Go and Python write JSON', ascii(JSON.stringify({ a: odd }))],
    ['in a URL', `https://x.example/?q=${encodeURIComponent(odd)}`],
    ['in a form', `a=b&q=${encodeURIComponent(odd).replaceAll('%20', '+')}`],
    ['in lower case escapes', encodeURIComponent(odd).toLowerCase()],
    [
      'in a page',
      `<p>${odd.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</p>`,
    ],
    ['in base64', Buffer.from(odd).toString('base64')],
    ['in hexadecimal', Buffer.from(`Bearer ${odd}`).toString('hex').toUpperCase()],
    ['in capitals', `BEARER ${odd.toUpperCase()}`],
  ])('%s', (_, text) => {
    expect(oddMask(text)).toContain('***');
    expect(oddMask(text)).not.toMatch(/98|kunde|4b554e4445/i);
  });

  test('whatever was sent, and wherever in the answer its forms stand: none is shown because its beginning was not seen', () => {
    const value = fc.string({ unit: 'binary', minLength: 8, maxLength: 24 }).filter((text) => text.isWellFormed());
    const forms = [
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => JSON.stringify(text).slice(1, -1),
      (text: string) => encodeURIComponent(text),
      (text: string) => encodeURIComponent(text).replaceAll('%20', '+'),
      (text: string) => Buffer.from(text).toString('base64'),
      (text: string) => Buffer.from(text).toString('base64url'),
      (text: string) => Buffer.from(text).toString('hex'),
      (text: string) => ascii(JSON.stringify(text).slice(1, -1)),
    ];
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(...forms),
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.integer({ min: 8, max: 200 }),
        (hidden, form, before, kept) => {
          const shown = form(hidden);
          const text = `${before}${shown.slice(0, kept)}`;
          // Where capitals change a text's length, only what stands as it was sent is looked for.
          fc.pre(
            text.toLowerCase().length === text.length && hidden.toUpperCase().toLowerCase() === hidden.toLowerCase(),
          );
          expect(createEchoMask([hidden], [text])(text)).toContain('***');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('as the name of a header', () => {
    expect(showHeader(token, 'x')).toBe('{"***":"x"}');
  });

  test('header values made of more parts than are looked for hide the whole answer', () => {
    const many = [Array.from({ length: 400 }, (_, index) => `part-number-${index}`).join(' ')];
    expect(showBody('anything', many)).toBe('***');
    expect(showBody('', many)).toBe('');
  });

  test('an answer of so many texts that looking for every part in each would be dear is hidden whole', () => {
    const parts = [Array.from({ length: 30 }, (_, index) => `part-number-${index}`).join(' ')];
    const answerOf = (count: number) => {
      const headers = Array.from({ length: count }, (_, index) => [`x-${index}`, 'harmless'] as const);
      return showResponse(Object.fromEntries(headers), Buffer.from('you sent part-number-7'), parts);
    };
    expect(answerOf(580)).toEqual({ responseHeaders: '{"***":"***"}', responseBody: '***' });
    const few = answerOf(20);
    expect(few.responseBody).toBe('you sent ***');
    expect(few.responseHeaders).toContain('"x-19":"harmless"');
  });

  test('what it costs does not grow with the square of a value’s length', () => {
    const value = 'a'.repeat(4_096);
    const costMs = (text: string): number => {
      const startedAt = performance.now();
      createEchoMask([value, `${value.slice(1)}b`], [text])(text);
      return performance.now() - startedAt;
    };
    costMs('warm');
    expect(costMs(`${'a'.repeat(12_288)}c${'a'.repeat(4_000)}`)).toBeLessThan(50);
  });

  test('also where the body is cut off inside a value of several parts', () => {
    const parts = (text: string) => createEchoMask(['user=alice-long-name;pw=short77'], [text])(text);
    expect(parts('you sent user=alice-long-name;pw=short7')).toBe('you sent ***');
    expect(parts('you sent user=alice-long-name;pw=short77')).toBe('you sent ***');
    expect(parts('you sent alice-long-name')).toBe('you sent ***');
  });

  test('also where the body is cut off inside it', () => {
    const cut = (kept: number) => `${'x'.repeat(16_384 - kept)}${token.slice(0, kept)}`;
    expect(showBody(cut(12))).toBe(`${'x'.repeat(16_372)}***`);
    expect(showBody(cut(8))).toBe(`${'x'.repeat(16_376)}***`);
    expect(showBody(`you sent ${token.slice(0, 12)}`)).toBe('you sent ***');
    expect(showBody(`you sent ${token.slice(0, 7)}`)).toBe(`you sent ${token.slice(0, 7)}`);
  });
});
