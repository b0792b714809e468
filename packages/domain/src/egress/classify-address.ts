import { BlockList, isIP } from 'node:net';

/** Sources: IANA special-purpose address registries (RFC 6890 and successors); 168.63.129.16 is a cloud's metadata host. */
const REFUSED_IPV4: readonly (readonly [string, number, string])[] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['168.63.129.16', 32, 'cloud metadata'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'protocol assignment'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.31.196.0', 24, 'AS112'],
  ['192.52.193.0', 24, 'AMT'],
  ['192.88.99.0', 24, '6to4 relay'],
  ['192.168.0.0', 16, 'private'],
  ['192.175.48.0', 24, 'AS112'],
  ['198.18.0.0', 15, 'benchmark'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

/** Only 2000::/3 is global unicast; inside it these are not. What is outside (mapped, NAT64, ULA, …) is refused whole. */
const REFUSED_IPV6: readonly (readonly [string, number, string])[] = [
  ['2001::', 23, 'protocol assignment'],
  ['2001:db8::', 32, 'documentation'],
  ['2002::', 16, '6to4'],
  ['3fff::', 20, 'documentation'],
  ['2620:4f:8000::', 48, 'AS112'],
];

function blockListOf(address: string, bits: number, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list;
}

const ipv4Rules = REFUSED_IPV4.map(([address, bits, word]) => ({ list: blockListOf(address, bits, 'ipv4'), word }));
const ipv6Rules = REFUSED_IPV6.map(([address, bits, word]) => ({ list: blockListOf(address, bits, 'ipv6'), word }));
const globalUnicast = blockListOf('2000::', 3, 'ipv6');

/** An IPv4 address that an IPv6 address carries in its mapped form (`::ffff:a.b.c.d`), else the address itself. */
function unmapped(address: string): string {
  const normal = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(normal);
  if (!match) return address;
  const bits = [match[1], match[2]].map((part) => Number.parseInt(part ?? '0', 16));
  return bits.flatMap((part) => [part >> 8, part & 255]).join('.');
}

/**
 * Why the guard refuses to connect to this address, or `null` when it may.
 *
 * @param address an IP address without brackets; anything else is refused
 * @param allowed networks that the operator opened (`EGRESS_ALLOW`); they win over every rule
 */
export function classifyAddress(address: string, allowed: BlockList): string | null {
  const bare = address.split('%')[0] ?? '';
  const version = isIP(bare);
  if (version === 0) return 'not an IP address';
  const target = version === 6 ? unmapped(bare) : bare;
  const family = isIP(target) === 4 ? 'ipv4' : 'ipv6';
  if (allowed.check(target, family)) return null;
  if (family === 'ipv6' && !globalUnicast.check(target, 'ipv6')) return 'outside global unicast';
  const rules = family === 'ipv4' ? ipv4Rules : ipv6Rules;
  return rules.find(({ list }) => list.check(target, family))?.word ?? null;
}
