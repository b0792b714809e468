import { BlockList } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classifyAddress } from '../src/egress/classify-address.ts';
import { parseCidrs } from '../src/egress/parse-cidrs.ts';
import { isRefusedPort } from '../src/egress/refused-ports.ts';

const nothing = new BlockList();
const opened = (cidrs: string): BlockList => {
  const parsed = parseCidrs(cidrs);
  return parsed.ok ? parsed.list : nothing;
};

// Both ends of every range, and the neighbours outside it.
const table: [address: string, reason: string | null][] = [
  ['0.0.0.0', 'unspecified'],
  ['0.255.255.255', 'unspecified'],
  ['1.0.0.0', null],
  ['1.1.1.1', null],
  ['8.8.8.8', null],
  ['9.255.255.255', null],
  ['10.0.0.0', 'private'],
  ['10.255.255.255', 'private'],
  ['11.0.0.0', null],
  ['100.63.255.255', null],
  ['100.64.0.0', 'carrier-grade NAT'],
  ['100.127.255.255', 'carrier-grade NAT'],
  ['100.128.0.0', null],
  ['126.255.255.255', null],
  ['127.0.0.0', 'loopback'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.255', 'loopback'],
  ['128.0.0.0', null],
  ['168.63.129.15', null],
  ['168.63.129.16', 'cloud metadata'],
  ['168.63.129.17', null],
  ['169.253.255.255', null],
  ['169.254.0.0', 'link-local'],
  ['169.254.169.254', 'link-local'],
  ['169.254.255.255', 'link-local'],
  ['169.255.0.0', null],
  ['172.15.255.255', null],
  ['172.16.0.0', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', null],
  ['191.255.255.255', null],
  ['192.0.0.0', 'protocol assignment'],
  ['192.0.0.255', 'protocol assignment'],
  ['192.0.1.0', null],
  ['192.0.2.0', 'documentation'],
  ['192.0.2.255', 'documentation'],
  ['192.0.3.0', null],
  ['192.31.196.1', 'AS112'],
  ['192.52.193.1', 'AMT'],
  ['192.88.99.1', '6to4 relay'],
  ['192.167.255.255', null],
  ['192.168.0.0', 'private'],
  ['192.168.255.255', 'private'],
  ['192.169.0.0', null],
  ['192.175.48.1', 'AS112'],
  ['198.17.255.255', null],
  ['198.18.0.0', 'benchmark'],
  ['198.19.255.255', 'benchmark'],
  ['198.20.0.0', null],
  ['198.51.100.1', 'documentation'],
  ['203.0.113.1', 'documentation'],
  ['223.255.255.255', null],
  ['224.0.0.0', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['240.0.0.0', 'reserved'],
  ['255.255.255.255', 'reserved'],

  ['::', 'outside global unicast'],
  ['::1', 'outside global unicast'],
  ['0:0:0:0:0:0:0:1', 'outside global unicast'],
  ['::1%lo', 'outside global unicast'],
  ['::7f00:1', 'outside global unicast'],
  ['::127.0.0.1', 'outside global unicast'],
  ['::8.8.8.8', 'outside global unicast'],
  ['64:ff9b::8.8.8.8', 'outside global unicast'],
  ['64:ff9b::7f00:1', 'outside global unicast'],
  ['64:ff9b:1::1', 'outside global unicast'],
  ['100::1', 'outside global unicast'],
  ['1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'outside global unicast'],
  ['2000::', null],
  ['2000::1', null],
  ['2001::1', 'protocol assignment'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'protocol assignment'],
  ['2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', 'protocol assignment'],
  ['2001:200::1', null],
  ['2001:db7:ffff::1', null],
  ['2001:db8::1', 'documentation'],
  ['2001:db9::1', null],
  ['2001:4860:4860::8888', null],
  ['2001:ffff::1', null],
  ['2002:7f00:1::', '6to4'],
  ['2002:808:808::1', '6to4'],
  ['2003::1', null],
  ['2606:4700:4700::1111', null],
  ['2606:4700:4700::1111%eth0', null],
  ['2620:4f:8000::1', 'AS112'],
  ['3ffe:ffff::1', null],
  ['3fff::1', 'documentation'],
  ['3fff:1000::1', null],
  ['3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ['4000::1', 'outside global unicast'],
  ['5f00::1', 'outside global unicast'],
  ['fc00::1', 'outside global unicast'],
  ['fd00:ec2::254', 'outside global unicast'],
  ['fe80::1', 'outside global unicast'],
  ['fe80::1%eth0', 'outside global unicast'],
  ['fec0::1', 'outside global unicast'],
  ['ff02::1', 'outside global unicast'],

  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::FFFF:7F00:0001', 'loopback'],
  ['0:0:0:0:0:ffff:127.0.0.1', 'loopback'],
  ['::ffff:169.254.169.254', 'link-local'],
  ['::ffff:a00:1', 'private'],
  ['::ffff:0.0.0.0', 'unspecified'],
  ['::ffff:255.255.255.255', 'reserved'],
  ['::ffff:8.8.8.8', null],
  ['::ffff:127.0.0.1%eth0', 'loopback'],
  ['::ffff:0:8.8.8.8', 'outside global unicast'],

  ['', 'not an IP address'],
  ['localhost', 'not an IP address'],
  ['127.1', 'not an IP address'],
  ['2130706433', 'not an IP address'],
  ['[::1]', 'not an IP address'],
  ['1.1.1.1 ', 'not an IP address'],
  ['1.1.1.1/32', 'not an IP address'],
  ['%eth0', 'not an IP address'],
];

describe('With nothing opened', () => {
  test.each(table)('%s: %j', (address, reason) => {
    expect(classifyAddress(address, nothing)).toBe(reason);
  });

  test('an IPv4 address and its mapped form get the same verdict, whichever it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(classifyAddress(`::ffff:${address}`, nothing)).toBe(classifyAddress(address, nothing));
      }),
    );
  });

  test('every way to write an IPv6 address gets the same verdict', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const short = groups.map((group) => group.toString(16)).join(':');
        const long = groups.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':');
        expect(classifyAddress(long, nothing)).toBe(classifyAddress(short, nothing));
      }),
    );
  });
});

describe('What the operator opened', () => {
  const cases: [cidrs: string, address: string, reason: string | null][] = [
    ['127.0.0.0/8', '127.0.0.1', null],
    ['127.0.0.0/8', '::ffff:127.0.0.1', null],
    ['127.0.0.0/8', '::1', 'outside global unicast'],
    ['127.0.0.0/8', '10.0.0.1', 'private'],
    ['::1/128', '::1', null],
    ['::1/128', '127.0.0.1', 'loopback'],
    ['10.1.0.0/16', '10.1.255.255', null],
    ['10.1.0.0/16', '10.2.0.0', 'private'],
    ['10.1.2.3', '10.1.2.3', null],
    ['10.1.2.3', '10.1.2.4', 'private'],
    ['fd00::/8', 'fd12:3456::1', null],
    ['127.0.0.0/8', '64:ff9b::7f00:1', 'outside global unicast'],
  ];
  test.each(cases)('%s opens %s: %j', (cidrs, address, reason) => {
    expect(classifyAddress(address, opened(cidrs))).toBe(reason);
  });
});

describe('EGRESS_ALLOW', () => {
  test.each([
    '',
    ' ',
    ',',
    '127.0.0.0/8',
    '127.0.0.0/8,::1/128',
    ' 10.0.0.0/8 , fd00::/8 ',
    '0.0.0.0/0',
    '::/0',
    '1.2.3.4/32',
  ])('%j is a list of networks', (text) => {
    expect(parseCidrs(text).ok).toBe(true);
  });

  const wrong = [
    'localhost',
    '127.0.0.1/33',
    '127.0.0.1/',
    '127.0.0.1/-1',
    '127.0.0.1/8/8',
    '127.1/8',
    '::/129',
    '::1/x',
    '10.0.0.0/8.5',
    '10.0.0.0/1e1',
  ];
  test.each(wrong)('%j is not, and is named', (text) => {
    expect(parseCidrs(`10.0.0.0/8,${text}`)).toEqual({ ok: false, wrong: [text] });
  });
});

test('Ports of the web are open, ports of mail, shells, databases and caches are not', () => {
  for (const port of [80, 443, 3000, 8000, 8080, 8443, 65_535]) expect(isRefusedPort(port)).toBe(false);
  for (const port of [0, 21, 22, 23, 25, 53, 110, 143, 445, 3306, 5432, 6379, 11_211, 27_017]) {
    expect(isRefusedPort(port)).toBe(true);
  }
});
