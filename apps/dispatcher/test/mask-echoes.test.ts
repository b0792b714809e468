import { describe, expect, test } from '@jest/globals';
import { createEchoMask } from '../src/attempt/mask-echoes.ts';
import { showResponseBody, showResponseHeaders } from '../src/attempt/show-response.ts';

const token = 'tok_4f8a1c9e2b7d';
const mask = createEchoMask([
  `Bearer ${token}`,
  'with "quotes" in it',
  'short',
  'token="canary-in-quotes"',
  `v1,${'s'.repeat(43)}=`,
]);

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
    expect(showResponseBody(Buffer.from(text), mask)).toBe(shown);
    expect(showResponseHeaders({ 'x-echo': text }, mask)).toBe(JSON.stringify({ 'x-echo': shown }));
  });

  const odd = 'KUNDE/98+76="<ä&b>\'';
  const oddMask = createEchoMask([`Bearer ${odd}`]);
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

  test('as the name of a header', () => {
    expect(showResponseHeaders({ [token]: 'x' }, mask)).toBe('{"***":"x"}');
  });

  test('header values made of more parts than are looked for hide the whole answer', () => {
    const many = createEchoMask([Array.from({ length: 400 }, (_, index) => `part-number-${index}`).join(' ')]);
    expect(showResponseBody(Buffer.from('anything'), many)).toBe('***');
    expect(showResponseBody(Buffer.from(''), many)).toBe('');
  });

  test('what it costs does not grow with the square of a value’s length', () => {
    const value = 'a'.repeat(4_096);
    const costMs = (text: string): number => {
      const startedAt = performance.now();
      createEchoMask([value, `${value.slice(1)}b`])(text);
      return performance.now() - startedAt;
    };
    costMs('warm');
    expect(costMs(`${'a'.repeat(12_288)}c${'a'.repeat(4_000)}`)).toBeLessThan(50);
  });

  test('also where the body is cut off inside a value of several parts', () => {
    const parts = createEchoMask(['user=alice-long-name;pw=short77']);
    expect(parts('you sent user=alice-long-name;pw=short7')).toBe('you sent ***');
    expect(parts('you sent user=alice-long-name;pw=short77')).toBe('you sent ***');
    expect(parts('you sent alice-long-name')).toBe('you sent ***');
  });

  test('also where the body is cut off inside it', () => {
    const cut = (kept: number) => Buffer.from(`${'x'.repeat(16_384 - kept)}${token.slice(0, kept)}`);
    expect(showResponseBody(cut(12), mask)).toBe(`${'x'.repeat(16_372)}***`);
    expect(showResponseBody(cut(8), mask)).toBe(`${'x'.repeat(16_376)}***`);
    expect(showResponseBody(Buffer.from(`you sent ${token.slice(0, 12)}`), mask)).toBe('you sent ***');
    expect(showResponseBody(Buffer.from(`you sent ${token.slice(0, 7)}`), mask)).toBe(`you sent ${token.slice(0, 7)}`);
  });
});
