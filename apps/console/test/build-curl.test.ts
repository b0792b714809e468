import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildCurl, maskedHeaders } from '../src/webhooks/deliveries/build-curl.ts';

/** What curl would get from a real shell: its arguments, and its standard input. */
function run(command: string): { args: string[]; input: string } {
  const script = `curl() { printf '%s\\0' "$#" "$@"; case "$*" in *@-) cat;; esac; }\n${command}\n`;
  const parts = execFileSync('sh', { input: script, encoding: 'utf8', maxBuffer: 10_000_000 }).split('\0');
  const count = Number(parts[0]);
  return { args: parts.slice(1, count + 1), input: parts.slice(count + 1).join('\0') };
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', '`', '!', '\n', '@', ';', '&', '|', '*', ' ', '%', '\u202e', 'é'),
  }),
  fc.constantFrom("'; rm -rf / #", '$(touch /tmp/owned)', '`id`', '@/etc/passwd', "'\\''", '%s%n', '-o /tmp/x', '\\'),
);
// The database holds neither NUL nor half of a surrogate pair.
const text = hostile.map((each) => Buffer.from(each.replaceAll('\0', '')).toString());

test('the shell hands on the payload, the headers and the URL as they are, whatever they hold', () => {
  fc.assert(
    fc.property(text, text, fc.webUrl({ withQueryParameters: true }), (payload, value, url) => {
      const { args } = run(buildCurl({ url, headers: { 'X-Custom': value }, payload }));
      const kept = value.replace(/[\r\n]+/g, ' ');
      const header = kept === '' ? 'X-Custom;' : `X-Custom: ${kept}`;
      expect(args).toEqual(['--globoff', '-i', '-X', 'POST', '--url', url, '-H', header, '--data-raw', payload]);
    }),
    { numRuns: 150 },
  );
});

test('a payload too long for an argument goes through standard input, to the byte', () => {
  const payload = `{"a":"${"é'%s$".repeat(40_000)}"}`;
  const { args, input } = run(buildCurl({ url: 'https://a.example/', headers: {}, payload }));
  expect(args.slice(-2)).toEqual(['--data-binary', '@-']);
  expect(input).toBe(payload);
});

test('a header whose name curl would read as something else is left out', () => {
  expect(
    buildCurl({ url: 'https://a.example/', headers: { 'a\nb': '1', '': '2', 'c d': '3' }, payload: '{}' }),
  ).not.toContain('-H');
});

test('masked headers are named', () => {
  expect(maskedHeaders({ 'X-CD-Signature': 'sha256=***', Authorization: '***', 'X-Posthorn-Attempt': '1' })).toEqual([
    'X-CD-Signature',
    'Authorization',
  ]);
});
