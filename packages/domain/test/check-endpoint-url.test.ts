import { BlockList } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkEndpointUrl, URL_MAX_BYTES } from '../src/egress/check-endpoint-url.ts';
import type { EgressRules } from '../src/egress/egress-rules.ts';
import { parseCidrs } from '../src/egress/parse-cidrs.ts';

const own = () => new BlockList();
const closed: EgressRules = { allowHttp: false, allowed: new BlockList(), own };
const opening = (cidrs: string, allowHttp = true): EgressRules => {
  const parsed = parseCidrs(cidrs);
  if (!parsed.ok) throw new Error(`not a list of networks: ${parsed.wrong.join(' ')}`);
  return { allowHttp, allowed: parsed.list, own };
};
const problemOf = (url: string, policy: EgressRules): string | null => {
  const checked = checkEndpointUrl(url, policy);
  return checked.ok ? null : checked.problem;
};

const accepted: [url: string, href: string][] = [
  ['https://example.com', 'https://example.com/'],
  ['https://example.com/', 'https://example.com/'],
  ['HTTPS://EXAMPLE.com/Hooks', 'https://example.com/Hooks'],
  ['https://example.com/hooks?token=a%20b&x=1', 'https://example.com/hooks?token=a%20b&x=1'],
  ['https://example.com:443/', 'https://example.com/'],
  ['https://example.com:/', 'https://example.com/'],
  ['https://example.com:80/', 'https://example.com:80/'],
  ['https://example.com:8080/', 'https://example.com:8080/'],
  ['https://example.com:8443/a/../b', 'https://example.com:8443/b'],
  ['https://example.com:65535/', 'https://example.com:65535/'],
  ['https://example.com./', 'https://example.com./'],
  ['https://xn--mnchen-3ya.example/', 'https://xn--mnchen-3ya.example/'],
  ['https://münchen.example/', 'https://xn--mnchen-3ya.example/'],
  ['https://例え.テスト/', 'https://xn--r8jz45g.xn--zckzah/'],
  ['https://example。com/', 'https://example.com/'],
  ['https://notlocalhost.com/', 'https://notlocalhost.com/'],
  ['https://localhost.example.com/', 'https://localhost.example.com/'],
  ['https://internal.example/', 'https://internal.example/'],
  ['https://my-corp.example/', 'https://my-corp.example/'],
  // What such names lead to is judged where the connection is made.
  ['https://127.0.0.1.nip.io/', 'https://127.0.0.1.nip.io/'],
  ['https://8.8.8.8/', 'https://8.8.8.8/'],
  ['https://134744072/', 'https://8.8.8.8/'],
  ['https://0x08080808/', 'https://8.8.8.8/'],
  ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ['https://[2606:4700:4700::1111]:8443/', 'https://[2606:4700:4700::1111]:8443/'],
  ['https://[::ffff:8.8.8.8]/', 'https://[::ffff:808:808]/'],
];

const PRIVATE_ADDRESS = /private or reserved address/;
const PRIVATE_NAME = /private or local host name/;
const NOT_HTTPS = /absolute https:\/\/ URL/;
const HIDDEN = /spaces, backslashes, control or invisible/;
const CREDENTIALS = /user name or password/;
const PERCENT = /percent signs/;
const INVALID = /valid URL/;
const FRAGMENT = /must not contain a fragment/;
const PORT = /belongs to another protocol/;

const refused: [url: string, problem: RegExp][] = [
  // Another scheme, or none.
  ['', NOT_HTTPS],
  ['example.com', NOT_HTTPS],
  ['//example.com', NOT_HTTPS],
  ['https:example.com', NOT_HTTPS],
  ['https:/example.com', NOT_HTTPS],
  ['https://', NOT_HTTPS],
  ['https:///example.com', NOT_HTTPS],
  ['https://?q=example.com', NOT_HTTPS],
  ['https://#example.com', NOT_HTTPS],
  ['ftp://example.com', NOT_HTTPS],
  ['file:///etc/passwd', NOT_HTTPS],
  ['gopher://example.com/_x', NOT_HTTPS],
  ['javascript:alert(1)', NOT_HTTPS],
  ['data:text/plain,x', NOT_HTTPS],
  ['ws://example.com', NOT_HTTPS],
  ['unix:///var/run/docker.sock', NOT_HTTPS],
  ['http://example.com/', /must use https:/],
  ['HTTP://example.com/', /must use https:/],

  // A fragment, an empty one too.
  ['https://example.com/hooks#fragment', FRAGMENT],
  ['https://example.com/hooks#', FRAGMENT],
  ['https://example.com#@10.0.0.1/', FRAGMENT],
  ['https://example.com/?q=%23#x', FRAGMENT],

  // Loopback, in every notation that URL parsers know.
  ['https://127.0.0.1/', PRIVATE_ADDRESS],
  ['https://127.1/', PRIVATE_ADDRESS],
  ['https://127.0.1/', PRIVATE_ADDRESS],
  ['https://127.255.255.254/', PRIVATE_ADDRESS],
  ['https://127.0.0.1./', PRIVATE_ADDRESS],
  ['https://2130706433/', PRIVATE_ADDRESS],
  ['https://0x7f000001/', PRIVATE_ADDRESS],
  ['https://0X7F000001/', PRIVATE_ADDRESS],
  ['https://0x7f.0x0.0x0.0x1/', PRIVATE_ADDRESS],
  ['https://0x7f.1/', PRIVATE_ADDRESS],
  ['https://017700000001/', PRIVATE_ADDRESS],
  ['https://0177.0.0.1/', PRIVATE_ADDRESS],
  ['https://0177.0.0.01/', PRIVATE_ADDRESS],
  ['https://00000177.1/', PRIVATE_ADDRESS],
  ['https://127.0x0.0.01/', PRIVATE_ADDRESS],
  ['https://①②⑦.⓪.⓪.①/', PRIVATE_ADDRESS],
  ['https://１２７.０.０.１/', PRIVATE_ADDRESS],
  ['https://127。0。0。1/', PRIVATE_ADDRESS],
  ['https://127．0．0．1/', PRIVATE_ADDRESS],
  ['https://[::1]/', PRIVATE_ADDRESS],
  ['https://[0:0:0:0:0:0:0:1]/', PRIVATE_ADDRESS],
  ['https://[0000:0000:0000:0000:0000:0000:0000:0001]/', PRIVATE_ADDRESS],
  ['https://[::ffff:127.0.0.1]/', PRIVATE_ADDRESS],
  ['https://[::ffff:7f00:1]/', PRIVATE_ADDRESS],
  ['https://[0:0:0:0:0:ffff:127.0.0.1]/', PRIVATE_ADDRESS],
  ['https://[::127.0.0.1]/', PRIVATE_ADDRESS],
  ['https://[::7f00:1]/', PRIVATE_ADDRESS],

  // Unspecified.
  ['https://0/', PRIVATE_ADDRESS],
  ['https://0.0.0.0/', PRIVATE_ADDRESS],
  ['https://0x0/', PRIVATE_ADDRESS],
  ['https://0x.0.0.1/', PRIVATE_ADDRESS],
  ['https://0.1.2.3/', PRIVATE_ADDRESS],
  ['https://[::]/', PRIVATE_ADDRESS],
  ['https://[::ffff:0.0.0.0]/', PRIVATE_ADDRESS],

  // Private networks.
  ['https://10.0.0.1/', PRIVATE_ADDRESS],
  ['https://10.1/', PRIVATE_ADDRESS],
  ['https://0xa000001/', PRIVATE_ADDRESS],
  ['https://172.16.0.1/', PRIVATE_ADDRESS],
  ['https://172.31.255.255/', PRIVATE_ADDRESS],
  ['https://192.168.0.1/', PRIVATE_ADDRESS],
  ['https://3232235521/', PRIVATE_ADDRESS],
  ['https://192.168.257/', PRIVATE_ADDRESS],
  ['https://100.64.0.1/', PRIVATE_ADDRESS],
  ['https://[fd00::1]/', PRIVATE_ADDRESS],
  ['https://[fc00::1]/', PRIVATE_ADDRESS],
  ['https://[fec0::1]/', PRIVATE_ADDRESS],
  ['https://[::ffff:10.0.0.1]/', PRIVATE_ADDRESS],
  ['https://[::ffff:c0a8:1]/', PRIVATE_ADDRESS],

  // Link-local, and the metadata hosts of clouds.
  ['https://169.254.169.254/latest/meta-data/', PRIVATE_ADDRESS],
  ['https://2852039166/', PRIVATE_ADDRESS],
  ['https://0xa9fea9fe/', PRIVATE_ADDRESS],
  ['https://0251.0376.0251.0376/', PRIVATE_ADDRESS],
  ['https://[::ffff:169.254.169.254]/', PRIVATE_ADDRESS],
  ['https://[fe80::1]/', PRIVATE_ADDRESS],
  ['https://[fd00:ec2::254]/', PRIVATE_ADDRESS],
  ['https://168.63.129.16/', PRIVATE_ADDRESS],

  // Addresses inside other addresses.
  ['https://[64:ff9b::7f00:1]/', PRIVATE_ADDRESS],
  ['https://[64:ff9b::8.8.8.8]/', PRIVATE_ADDRESS],
  ['https://[64:ff9b:1::10.0.0.1]/', PRIVATE_ADDRESS],
  ['https://[2002:7f00:1::]/', PRIVATE_ADDRESS],
  ['https://[2002:a9fe:a9fe::1]/', PRIVATE_ADDRESS],
  ['https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/', PRIVATE_ADDRESS],
  ['https://[::ffff:0:127.0.0.1]/', PRIVATE_ADDRESS],
  ['https://[2001:db8::1]/', PRIVATE_ADDRESS],
  ['https://[ff02::1]/', PRIVATE_ADDRESS],
  ['https://224.0.0.1/', PRIVATE_ADDRESS],
  ['https://255.255.255.255/', PRIVATE_ADDRESS],
  ['https://4294967295/', PRIVATE_ADDRESS],
  ['https://198.18.0.1/', PRIVATE_ADDRESS],
  ['https://192.0.2.1/', PRIVATE_ADDRESS],

  // Zone ids, and hosts in percent signs.
  ['https://[fe80::1%eth0]/', PERCENT],
  ['https://[::1%25lo]/', PERCENT],
  ['https://%6c%6f%63%61%6c%68%6f%73%74/', PERCENT],
  ['https://127.0.0.1%2f@example.com/', CREDENTIALS],
  ['https://localhost%2eexample.com/', PERCENT],
  ['https://example.com%00.internal/', PERCENT],

  // Names that never leave the house.
  ['https://localhost/', PRIVATE_NAME],
  ['https://LOCALHOST/', PRIVATE_NAME],
  ['https://localhost./', PRIVATE_NAME],
  ['https://hooks.localhost/', PRIVATE_NAME],
  ['https://a.b.localhost./', PRIVATE_NAME],
  ['https://localhost.localdomain/', PRIVATE_NAME],
  ['https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/', PRIVATE_NAME],
  ['https://ｌｏｃａｌｈｏｓｔ/', PRIVATE_NAME],
  ['https://localhoſt/', PRIVATE_NAME],
  ['https://ip6-localhost/', PRIVATE_NAME],
  ['https://postgres/', PRIVATE_NAME],
  ['https://metadata/', PRIVATE_NAME],
  ['https://metadata.google.internal/', PRIVATE_NAME],
  ['https://metadata.goog/', PRIVATE_NAME],
  ['https://instance-data.ec2.internal/', PRIVATE_NAME],
  ['https://host.docker.internal/', PRIVATE_NAME],
  ['https://kubernetes.default.svc/', PRIVATE_NAME],
  ['https://kubernetes.default.svc.cluster.local/', PRIVATE_NAME],
  ['https://printer.local/', PRIVATE_NAME],
  ['https://nas.lan/', PRIVATE_NAME],
  ['https://router.home/', PRIVATE_NAME],
  ['https://router.home.arpa/', PRIVATE_NAME],
  ['https://wiki.corp/', PRIVATE_NAME],
  ['https://wiki.intranet/', PRIVATE_NAME],
  ['https://abcdefghijklmnop.onion/', PRIVATE_NAME],

  // Credentials.
  ['https://user@example.com/', CREDENTIALS],
  ['https://user:secret@example.com/', CREDENTIALS],
  ['https://@example.com/', CREDENTIALS],
  ['https://:@example.com/', CREDENTIALS],
  ['https://example.com@127.0.0.1/', CREDENTIALS],
  ['https://127.0.0.1:443@example.com/', CREDENTIALS],

  // What parsers drop or fold without a word.
  [' https://example.com/', HIDDEN],
  ['https://example.com/ ', HIDDEN],
  ['https://example.com/a b', HIDDEN],
  ['https://exam\tple.com/', HIDDEN],
  ['https://example.com/\r\nX-Injected: 1', HIDDEN],
  ['https://example.com/\u0000', HIDDEN],
  ['https:\\\\example.com/', HIDDEN],
  ['https://example.com\\@127.0.0.1/', HIDDEN],
  ['https://local\u00adhost/', HIDDEN],
  ['https://local\u200bhost/', HIDDEN],
  ['https://127.0.\u20600.1/', HIDDEN],
  ['https://example.com/\u202egpj.exe', HIDDEN],
  ['\ufeffhttps://example.com/', HIDDEN],
  ['https://example.com/\u007f', HIDDEN],
  ['https://example.com/\u2028', HIDDEN],

  // Not URLs.
  ['https://1.2.3.4.5/', INVALID],
  ['https://256.1.1.1/', INVALID],
  ['https://4294967296/', INVALID],
  ['https://08.1.1.1/', INVALID],
  ['https://[::1/', INVALID],
  ['https://[:::1]/', INVALID],
  ['https://[1.2.3.4]/', INVALID],
  ['https://example.com:65536/', INVALID],
  ['https://example.com:-1/', INVALID],
  ['https://example.com:８０x/', INVALID],
  ['https://exa<mple.com/', INVALID],
  ['https://xn--/', INVALID],

  // Ports of other protocols.
  ['https://example.com:0/', PORT],
  ['https://example.com:22/', PORT],
  ['https://example.com:022/', PORT],
  ['https://example.com:25/', PORT],
  ['https://example.com:465/', PORT],
  ['https://example.com:1433/', PORT],
  ['https://example.com:2375/', PORT],
  ['https://example.com:3306/', PORT],
  ['https://example.com:5432/', PORT],
  ['https://example.com:6379/', PORT],
  ['https://example.com:9200/', PORT],
  ['https://example.com:11211/', PORT],
  ['https://example.com:27017/', PORT],
  ['https://8.8.8.8:6379/', PORT],
];

describe('With nothing opened', () => {
  test.each(accepted)('%j is accepted', (url, href) => {
    expect(checkEndpointUrl(url, closed)).toEqual({ ok: true, href });
  });

  test.each(refused)('%j is refused', (url, problem) => {
    expect(problemOf(url, closed)).toMatch(problem);
  });

  test('the table is as long as it is meant to be', () => {
    expect(accepted.length + refused.length).toBeGreaterThan(150);
  });

  test(`a URL of ${URL_MAX_BYTES} bytes is accepted, a longer one refused, counted in bytes`, () => {
    const start = 'https://example.com/';
    const fill = (bytes: number) => start + 'x'.repeat(bytes - start.length);
    expect(problemOf(fill(URL_MAX_BYTES), closed)).toBeNull();
    expect(problemOf(fill(URL_MAX_BYTES + 1), closed)).toMatch(/at most 2048 bytes/);
    expect(problemOf(start + 'é'.repeat(URL_MAX_BYTES / 2), closed)).toMatch(/at most 2048 bytes/);
  });
});

describe('What the operator opened', () => {
  const local = opening('127.0.0.0/8,::1/128');
  const cases: [url: string, policy: EgressRules, problem: RegExp | null][] = [
    ['http://127.0.0.1:3000/', local, null],
    ['http://localhost:3000/', local, null],
    ['http://hooks.localhost:3000/', local, null],
    ['http://localhost.:3000/', local, null],
    ['http://[::1]:3000/', local, null],
    ['http://127.1:3000/', local, null],
    ['http://2130706433:3000/', local, null],
    ['http://[::ffff:127.0.0.1]:3000/', local, null],
    // On opened addresses every port is open.
    ['http://127.0.0.1:6379/', local, null],
    ['http://localhost:5432/', local, null],
    ['http://[::1]:25/', local, null],
    ['http://[::ffff:127.0.0.1]:22/', local, null],
    // Nothing else is.
    ['http://example.com:6379/', local, PORT],
    ['http://10.0.0.1/', local, PRIVATE_ADDRESS],
    ['http://169.254.169.254/', local, PRIVATE_ADDRESS],
    ['http://[::2]/', local, PRIVATE_ADDRESS],
    ['http://[64:ff9b::7f00:1]/', local, PRIVATE_ADDRESS],
    ['http://printer.local/', local, PRIVATE_NAME],
    ['http://postgres/', local, PRIVATE_NAME],
    ['http://user@localhost/', local, CREDENTIALS],
    // Opening a network and allowing http: are two settings.
    ['http://127.0.0.1/', opening('127.0.0.0/8', false), /must use https:/],
    ['https://127.0.0.1/', opening('127.0.0.0/8', false), null],
    ['http://example.com/', opening(''), null],
    ['http://localhost/', opening(''), PRIVATE_NAME],
    ['http://10.1.2.3/', opening('10.0.0.0/8'), null],
    ['http://11.1.2.3/', opening('10.0.0.0/8'), null],
    ['http://[fd00::5]/', opening('fd00::/8'), null],
    ['http://localhost/', opening('10.0.0.0/8'), PRIVATE_NAME],
  ];

  test.each(cases.map(([url, policy, problem]) => ({ url, policy, problem })))(
    '$url: $problem',
    ({ url, policy, problem }) => {
      if (problem === null) expect(problemOf(url, policy)).toBeNull();
      else expect(problemOf(url, policy)).toMatch(problem);
    },
  );
});

test('Any text is accepted or refused, never thrown upon, and what is accepted stays accepted as normalised', () => {
  const text = fc.oneof(
    fc.webUrl(),
    fc.string({ unit: 'binary' }),
    fc.string().map((rest) => `https://${rest}`),
  );
  fc.assert(
    fc.property(text, (url) => {
      const checked = checkEndpointUrl(url, closed);
      if (!checked.ok) return;
      expect(checked.href).toMatch(/^https:\/\/[^@#\\\s/]+\/[^#\\\s]*$/);
      expect(checkEndpointUrl(checked.href, closed)).toEqual(checked);
    }),
    { numRuns: 1_000 },
  );
});
