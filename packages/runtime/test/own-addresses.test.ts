import type { NetworkInterfaceInfo } from 'node:os';
import { networkInterfaces } from 'node:os';
import { expect, test } from '@jest/globals';
import { createOwnAddresses } from '../src/own-addresses.ts';

const shown = (address: string): NetworkInterfaceInfo[] => [
  {
    address,
    netmask: '',
    mac: '',
    internal: false,
    cidr: null,
    ...(address.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
  },
];

test('Every address of every interface is one of its own', () => {
  const own = createOwnAddresses(() => 0);
  for (const { address, family } of Object.values(networkInterfaces()).flatMap((each) => each ?? [])) {
    expect(own().check(address.split('%')[0] ?? '', family === 'IPv4' ? 'ipv4' : 'ipv6')).toBe(true);
  }
});

test('An interface that comes or goes is noticed within ten seconds', () => {
  let now = 0;
  let interfaces: Record<string, NetworkInterfaceInfo[]> = { a: shown('192.0.2.1'), b: shown('fe80::1%b') };
  const own = createOwnAddresses(
    () => now,
    () => interfaces,
  );
  expect([own().check('192.0.2.1'), own().check('fe80::1', 'ipv6'), own().check('192.0.2.2')]).toEqual([
    true,
    true,
    false,
  ]);
  interfaces = { c: shown('192.0.2.2') };
  now = 9_999;
  expect(own().check('192.0.2.2')).toBe(false);
  now = 10_000;
  expect([own().check('192.0.2.1'), own().check('192.0.2.2')]).toEqual([false, true]);
});
