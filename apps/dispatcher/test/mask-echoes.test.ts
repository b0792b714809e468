import { describe, expect, test } from '@jest/globals';
import { createEchoMask } from '../src/attempt/mask-echoes.ts';
import { showResponseBody, showResponseHeaders } from '../src/attempt/show-response.ts';

const token = 'tok_4f8a1c9e2b7d';
const mask = createEchoMask([`Bearer ${token}`, 'with "quotes" in it', 'short', `v1,${'s'.repeat(43)}=`]);

describe('What a receiver repeats of what it was sent is masked', () => {
  test.each([
    [`you sent Bearer ${token}, thanks`, 'you sent ***, thanks'],
    [`{"token":"${token}"}`, '{"token":"***"}'],
    [`${token}${token}`, '******'],
    [JSON.stringify({ header: 'with "quotes" in it' }), '{"header":"***"}'],
    [`signature v1,${'s'.repeat(43)}=`, 'signature ***'],
    ['nothing of it', 'nothing of it'],
    ['a short word stays', 'a short word stays'],
  ])('%s', (text, shown) => {
    expect(mask(text)).toBe(shown);
    expect(showResponseBody(Buffer.from(text), mask)).toBe(shown);
    expect(showResponseHeaders({ 'x-echo': text }, mask)).toBe(JSON.stringify({ 'x-echo': shown }));
  });

  test('also where the body is cut off inside it', () => {
    const cut = (kept: number) => Buffer.from(`${'x'.repeat(16_384 - kept)}${token.slice(0, kept)}`);
    expect(showResponseBody(cut(12), mask)).toBe(`${'x'.repeat(16_372)}***`);
    expect(showResponseBody(cut(8), mask)).toBe(`${'x'.repeat(16_376)}***`);
    expect(showResponseBody(Buffer.from(token.slice(0, 12)), mask)).toBe(token.slice(0, 12));
  });
});
