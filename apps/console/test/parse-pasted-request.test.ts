import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePastedRequest } from '../src/signatures/parse-pasted-request.ts';
import { readShellWords } from '../src/signatures/read-shell-words.ts';

const headerName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/);
const headerValue = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const headers = fc.array(
  fc.tuple(headerName, headerValue).map(([name, value]) => `${name}: ${value}`),
  { minLength: 1, maxLength: 8 },
);
const body = fc.string({ unit: 'binary', maxLength: 200 });
const lineEnd = fc.constantFrom('\n', '\r\n');

test('A raw request comes apart into its headers and its exact body, whatever the line ends and the body', () => {
  fc.assert(
    fc.property(headers, body, lineEnd, (lines, text, end) => {
      const raw = [`POST /webhooks HTTP/1.1`, ...lines, '', text].join(end);
      expect(parsePastedRequest(raw)).toEqual({ headers: lines.join('\n'), body: text });
    }),
  );
});

test('Headers with a body behind a blank line need no request line', () => {
  fc.assert(
    fc.property(headers, body, lineEnd, (lines, text, end) => {
      expect(parsePastedRequest([...lines, '', text].join(end))).toEqual({ headers: lines.join('\n'), body: text });
    }),
  );
});

test('Headers alone are no whole request', () => {
  fc.assert(fc.property(headers, lineEnd, (lines, end) => parsePastedRequest(lines.join(end)) === null));
});

test('No text makes it throw, nor the reader of shell words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parsePastedRequest(text);
      parsePastedRequest(`curl ${text}`);
      readShellWords(text);
    }),
  );
});

const inSingleQuotes = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const inDoubleQuotes = (text: string): string => `"${text.replaceAll(/[$`"\\]/g, String.raw`\$&`)}"`;
const inAnsiQuotes = (text: string): string =>
  `$'${text.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`)}'`;
const quoting = fc.constantFrom(inSingleQuotes, inDoubleQuotes, inAnsiQuotes);
/** A NUL stands in no command line. */
const bodyOfCommand = fc.string({ unit: 'grapheme', maxLength: 200 });

test('A curl command comes apart into its headers and its exact body, however it is quoted', () => {
  const option = fc.constantFrom('-d', '--data', '--data-raw', '--data-binary');
  const flag = fc.constantFrom('-H', '--header', '-sSH');
  fc.assert(
    fc.property(headers, bodyOfCommand, quoting, option, flag, (lines, text, quote, dataOption, headerFlag) => {
      const command = [
        `curl -X POST 'https://receiver.example/webhooks'`,
        ...lines.map((line) => `${headerFlag} ${quote(line)}`),
        `${dataOption} ${quote(text)}`,
      ].join(' \\\n  ');
      expect(parsePastedRequest(command)).toEqual({ headers: lines.join('\n'), body: text });
    }),
  );
});

test('A command copied from a browser is understood', () => {
  const command = String.raw`curl 'https://receiver.example/hook' \
  -H 'accept: */*' \
  -H $'x-note: it\'s' \
  -A 'Posthorn/0.1.0' \
  -b 'a=1' \
  --compressed --insecure \
  --data-raw $'{"a":"\u0021\n"}'`;
  expect(parsePastedRequest(command)).toEqual({
    headers: ['accept: */*', "x-note: it's", 'User-Agent: Posthorn/0.1.0', 'Cookie: a=1'].join('\n'),
    body: '{"a":"!\n"}',
  });
});

test('Values may stand behind = or at once, and several bodies are joined as curl joins them', () => {
  expect(parsePastedRequest(`curl u -HA:1 --header='B: 2' -da=1 --data=b=2`)).toEqual({
    headers: 'A:1\nB: 2',
    body: 'a=1&b=2',
  });
});

test('A value that goes on in the next line is one value', () => {
  expect(parsePastedRequest('POST / HTTP/1.1\r\nA: 1\r\n  2\r\nB: 3\r\n\r\n{}')).toEqual({
    headers: 'A: 1 2\nB: 3',
    body: '{}',
  });
});

test.each(['', ' ', '{"a":1}', 'curling is a sport', 'a sentence\n\nand another', 'GET / HTTP/1.1'])(
  'This is no request: %j',
  (text) => {
    expect(parsePastedRequest(text)).toBeNull();
  },
);
