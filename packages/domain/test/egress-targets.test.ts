import { type BlockList, isIP } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { checkEndpointUrl } from '../src/egress/check-endpoint-url.ts';
import type { EgressRules } from '../src/egress/egress-rules.ts';
import { judgeAnswer, judgeHost } from '../src/egress/judge-target.ts';
import { parseCidrs } from '../src/egress/parse-cidrs.ts';

/** An address of this machine's own, a public one. */
const OWN = '8.8.4.4';

function networks(text: string): BlockList {
  const parsed = parseCidrs(text);
  if (!parsed.ok) throw new Error(`not a list of networks: ${parsed.wrong.join(' ')}`);
  return parsed.list;
}

const own = networks(`${OWN},2001:4860:4860::8844`);
const rulesOf = (open: string): EgressRules => ({ allowHttp: true, allowed: networks(open), own: () => own });
const closed = rulesOf('');

/** What an endpoint's URL meets when it is registered. */
function registration(url: string, rules: EgressRules): string | null {
  const checked = checkEndpointUrl(url, rules);
  return checked.ok ? null : checked.problem;
}

/**
 * What the same target meets where the connection is made, whether or not it was ever registered. No connection is made.
 *
 * @param answer what DNS says of the host, where it is a name
 */
function connection(url: string, answer: readonly string[], rules: EgressRules): string | null {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port || (protocol === 'https:' ? 443 : 80)), secure: protocol === 'https:' };
  const early = judgeHost(target, rules);
  return early !== null || isIP(host) !== 0 ? early : judgeAnswer(target, answer, rules);
}

const PUBLIC = ['93.184.215.14'];

/** Addresses, in every notation that URL parsers know, by the word that names their range. */
const refusedHosts: Readonly<Record<string, readonly string[]>> = {
  unspecified: ['0', '0.0.0.0', '0x0', '0.1.2.3', '0.255.255.255', '[::ffff:0.0.0.0]', '0x.0.0.1', '000.0.0.0'],
  loopback: [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '127.0.0.1.',
    '2130706433',
    '0x7f000001',
    '0X7F.1',
    '0x7f.0x0.0x0.0x1',
    '017700000001',
    '0177.0.0.1',
    '0177.0x0.0.01',
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127．0．0．1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:FFFF:127.0.0.1]',
  ],
  private: [
    '10.0.0.1',
    '10.1',
    '0xa000001',
    '012.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '2886729729',
    '192.168.0.1',
    '192.168.257',
    '3232235521',
    '0300.0250.0.1',
    '[::ffff:10.0.0.1]',
    '[::ffff:c0a8:1]',
    '[::ffff:ac10:1]',
  ],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255', '100.100.100.200', '1681915905', '[::ffff:100.64.0.1]'],
  'link-local': [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.0.23',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
  ],
  'cloud metadata': ['168.63.129.16', '0xa83f8110', '[::ffff:168.63.129.16]'],
  'protocol assignment': [
    '192.0.0.1',
    '192.0.0.192',
    '192.0.0.170',
    '[2001::1]',
    '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  ],
  documentation: ['192.0.2.1', '198.51.100.7', '203.0.113.255', '[2001:db8::1]', '[3fff::1]', '[::ffff:192.0.2.1]'],
  benchmark: ['198.18.0.1', '198.19.255.255', '[::ffff:198.18.0.1]'],
  multicast: ['224.0.0.1', '239.255.255.250', '3758096385', '[::ffff:224.0.0.1]'],
  reserved: [
    '240.0.0.1',
    '255.255.255.255',
    '4294967295',
    '0xffffffff',
    OWN,
    '134743044',
    '[::ffff:8.8.4.4]',
    '[2001:4860:4860::8844]',
  ],
  '6to4 relay': ['192.88.99.1'],
  '6to4': ['[2002:7f00:1::]', '[2002:a9fe:a9fe::1]', '[2002:808:808::1]'],
  AS112: ['192.31.196.1', '192.175.48.1', '[2620:4f:8000::1]'],
  AMT: ['192.52.193.1'],
  'outside global unicast': [
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::8.8.8.8]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::8.8.8.8]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b:1::10.0.0.1]',
    '[100::1]',
    '[fc00::1]',
    '[fd00::1]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[fd00:42::42]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[5f00::1]',
    '[4000::1]',
  ],
};

const privateNames = [
  'localhost.localdomain',
  'ip6-localhost',
  'ip6-loopback',
  'postgres',
  'redis',
  'metadata',
  'metadata.',
  'instance-data',
  'kubernetes',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  'metadata.google.internal',
  'METADATA.GOOGLE.INTERNAL.',
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
  'api.metadata.cloud.ibm.com',
  'instance-data.ec2.internal',
  'host.docker.internal',
  'gateway.docker.internal',
  'printer.local',
  'nas.lan',
  'router.home',
  'router.home.arpa',
  'wiki.corp',
  'wiki.intranet',
  'ｗｉｋｉ．ｉｎｔｒａｎｅｔ',
  'abcdefghijklmnop.onion',
];

const localhostNames = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'hooks.localhost',
  'a.b.localhost.',
  'ｌｏｃａｌｈｏｓｔ',
  'localhoſt',
];

/** Names that anybody may register; what they lead to is judged where the connection is made. */
const answers: [host: string, answer: string[], refused: boolean][] = [
  ['example.com', ['93.184.215.14'], false],
  ['example.com', ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'], false],
  ['v6.example.com', ['2606:4700:4700::1111'], false],
  ['hooks.customer.test', ['93.184.215.14'], false],
  ['localhost.example.com', ['93.184.215.14'], false],
  ['my-internal.example.com', ['93.184.215.14'], false],
  ['empty.example.com', [], true],
  ['127.0.0.1.nip.io', ['127.0.0.1'], true],
  ['localtest.me', ['127.0.0.1', '::1'], true],
  ['a.example.com', ['10.0.0.5'], true],
  ['b.example.com', ['169.254.169.254'], true],
  ['c.example.com', ['::1'], true],
  ['d.example.com', ['::ffff:127.0.0.1'], true],
  ['e.example.com', ['::ffff:7f00:1'], true],
  ['f.example.com', ['64:ff9b::7f00:1'], true],
  ['g.example.com', ['fd00::1'], true],
  ['h.example.com', ['fe80::1'], true],
  ['i.example.com', ['fe80::1%eth0'], true],
  ['j.example.com', ['0.0.0.0'], true],
  ['k.example.com', ['::'], true],
  ['l.example.com', ['100.100.100.200'], true],
  ['m.example.com', ['255.255.255.255'], true],
  ['n.example.com', ['2002:7f00:1::'], true],
  ['o.example.com', [OWN], true],
  ['p.example.com', [`::ffff:${OWN}`], true],
  ['q.example.com', ['not an address'], true],
  ['r.example.com', ['198.18.0.1'], true],
  // One address of a mixed answer is enough.
  ['mixed.example.com', ['93.184.215.14', '127.0.0.1'], true],
  ['mixed.example.com', ['127.0.0.1', '93.184.215.14'], true],
  ['mixed.example.com', ['93.184.215.14', '::1'], true],
  ['mixed.example.com', [...Array.from({ length: 40 }, (_, index) => `93.184.215.${index}`), '10.0.0.1'], true],
];

/** Beside hosts and addresses. */
const refusedPorts = [
  0, 1, 7, 21, 22, 23, 25, 53, 110, 143, 445, 465, 587, 1433, 2375, 3306, 5432, 5672, 6379, 9200, 11_211, 27_017,
];
const openPorts = [80, 443, 3000, 5000, 8000, 8080, 8443, 9443, 65_535];

/** Never seen by the second gate, since no such endpoint can be written down. */
const malformed: [url: string, problem: RegExp][] = [
  ['https://user:secret@example.com/', /user name or password/],
  ['https://example.com@127.0.0.1/', /user name or password/],
  ['https://[fe80::1%25eth0]/', /percent signs/],
  ['https://%31%32%37.1/', /percent signs/],
  ['https://example.com/\r\nX: 1', /invisible characters/],
  ['https://exa\u00admple.com/', /invisible characters/],
  ['https://example.com\\@127.0.0.1/', /invisible characters/],
  [`https://example.com/${'x'.repeat(2_048)}`, /at most 2048 bytes/],
  ['https://1.2.3.4.5/', /valid URL/],
  ['https://256.1.1.1/', /valid URL/],
  ['https://a..example.com/', /no host can have this name/],
  ['https://example.com../', /no host can have this name/],
  [`https://${'a'.repeat(64)}.example.com/`, /no host can have this name/],
  [`https://${'a.'.repeat(127)}example/`, /no host can have this name/],
  ['ftp://example.com/', /absolute https/],
  ['gopher://127.0.0.1:6379/_FLUSHALL', /absolute https/],
];

describe('Refused at both gates', () => {
  const hosts = Object.entries(refusedHosts).flatMap(([range, list]) => list.map((host) => ({ host, range })));
  test.each(hosts)('$host is $range', ({ host, range }) => {
    const url = `https://${host}/`;
    expect(registration(url, closed)).toBe(`must not point at a private or reserved address (${range})`);
    expect(connection(url, PUBLIC, closed)).toBe(`Not sent: the endpoint's host is a refused address (${range})`);
  });

  test.each(privateNames)('%s is a private name, even if DNS gave it a public address', (host) => {
    const url = `https://${host}/`;
    expect(registration(url, closed)).toBe('must not point at a private or local host name');
    expect(connection(url, PUBLIC, closed)).toBe("Not sent: the endpoint's host name is a private or local one");
  });

  test.each(localhostNames)('%s is this machine', (host) => {
    const url = `https://${host}/`;
    expect(registration(url, closed)).toBe('must not point at a private or local host name');
    expect(connection(url, ['127.0.0.1', '::1'], closed)).toMatch(/must lead to public addresses only/);
  });

  test.each(refusedPorts)('port %i belongs to another protocol', (port) => {
    for (const host of ['example.com', '8.8.8.8']) {
      const url = `https://${host}:${port}/`;
      expect(registration(url, closed)).toBe(`must not use port ${port}, which belongs to another protocol`);
      expect(connection(url, PUBLIC, closed)).toBe(`Not sent: port ${port} belongs to another protocol`);
    }
  });

  test.each(malformed)('%j cannot be registered', (url, problem) => {
    expect(registration(url, closed)).toMatch(problem);
  });
});

describe('Accepted by name, and judged by what DNS says', () => {
  test.each(answers)('%s with %j: refused %j', (host, answer, refused) => {
    const url = `https://${host}/`;
    expect(registration(url, closed)).toBeNull();
    expect(connection(url, answer, closed)).toBe(
      refused ? "Not sent: the endpoint's host name must lead to public addresses only" : null,
    );
  });

  test.each(openPorts)('port %i is one of the web', (port) => {
    expect(registration(`https://example.com:${port}/`, closed)).toBeNull();
    expect(connection(`https://example.com:${port}/`, PUBLIC, closed)).toBeNull();
  });
});

test('What a name leads to is not told: the sentence is the same for every range and every port', () => {
  const everything = Object.values(refusedHosts)
    .flat()
    .map((host) => new URL(`https://${host}/`).hostname.replace(/^\[|\]$/g, ''));
  const sentences = [443, 22, 6379].flatMap((port) =>
    everything.map((address) => connection(`https://a.example.com:${port}/`, [address], closed)),
  );
  expect(new Set(sentences).size).toBe(1);
});

describe('EGRESS_ALLOW opens what it names, at both gates', () => {
  const cases: [open: string, url: string, answer: string[], registers: boolean, connects: boolean][] = [
    ['127.0.0.0/8', 'http://127.0.0.1/', [], true, true],
    ['127.0.0.0/8', 'http://127.0.0.2/', [], true, true],
    ['127.0.0.0/8', 'http://2130706433/', [], true, true],
    ['127.0.0.0/8', 'http://[::ffff:127.0.0.1]/', [], true, true],
    ['127.0.0.0/8', 'http://[::1]/', [], false, false],
    ['127.0.0.0/8', 'http://[::127.0.0.1]/', [], false, false],
    ['127.0.0.0/8', 'http://[64:ff9b::7f00:1]/', [], false, false],
    ['127.0.0.0/8', 'http://10.0.0.1/', [], false, false],
    ['127.0.0.0/8', 'http://169.254.169.254/', [], false, false],
    ['127.0.0.1', 'http://127.0.0.1/', [], true, true],
    ['127.0.0.1', 'http://127.0.0.2/', [], false, false],
    ['127.0.0.2/32', 'http://127.0.0.1/', [], false, false],
    ['::1/128', 'http://[::1]/', [], true, true],
    ['::1/128', 'http://127.0.0.1/', [], false, false],
    ['10.20.0.0/16', 'http://10.20.255.255/', [], true, true],
    ['10.20.0.0/16', 'http://10.21.0.0/', [], false, false],
    ['fd00::/8', 'http://[fd12::1]/', [], true, true],
    ['fd00::/8', 'http://[fe80::1]/', [], false, false],
    // Every port is open there, and nowhere else.
    ['127.0.0.0/8', 'http://127.0.0.1:6379/', [], true, true],
    ['127.0.0.0/8', 'http://127.0.0.1:22/', [], true, true],
    ['127.0.0.0/8', 'http://8.8.8.8:6379/', [], false, false],
    ['10.20.0.0/16', 'http://127.0.0.1:6379/', [], false, false],
    // Names are opened by the addresses that they lead to.
    ['127.0.0.0/8', 'http://localhost:5432/', ['127.0.0.1'], true, true],
    ['127.0.0.0/8', 'http://localhost/', ['127.0.0.1', '::1'], true, false],
    ['127.0.0.0/8,::1/128', 'http://localhost/', ['127.0.0.1', '::1'], true, true],
    ['10.20.0.0/16', 'http://localhost/', ['127.0.0.1'], false, false],
    ['10.20.0.0/16', 'http://erp.example.com/', ['10.20.1.1'], true, true],
    ['10.20.0.0/16', 'http://erp.example.com:9200/', ['10.20.1.1'], false, true],
    ['10.20.0.0/16', 'http://erp.example.com/', ['10.21.1.1'], true, false],
    ['10.20.0.0/16', 'http://erp.example.com/', ['10.20.1.1', '10.21.1.1'], true, false],
    ['10.20.0.0/16', 'http://erp.example.com/', ['10.20.1.1', '93.184.215.14'], true, true],
    ['10.20.0.0/16', 'http://erp.example.com:6379/', ['10.20.1.1', '93.184.215.14'], false, false],
    ['10.20.0.0/16', 'http://erp.corp/', ['10.20.1.1'], false, false],
    // An own address that is opened is open.
    [OWN, `http://${OWN}/`, [], true, true],
    [OWN, 'http://[2001:4860:4860::8844]/', [], false, false],
  ];
  test.each(cases)('%s: %s %j registers: %j, connects: %j', (open, url, answer, registers, connects) => {
    const rules = rulesOf(open);
    expect(registration(url, rules) === null).toBe(registers);
    expect(connection(url, answer, rules) === null).toBe(connects);
  });
});

test('The table is as long as it is meant to be', () => {
  const rows = [...Object.values(refusedHosts), privateNames, localhostNames, answers, malformed].map(
    ({ length }) => length,
  );
  expect(rows.reduce((sum, length) => sum + length)).toBeGreaterThan(150);
});
