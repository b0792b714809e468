import { type BlockList, isIP } from 'node:net';

/** Whether the list holds this IP address, an IPv4 address in its mapped form too. What is no address is not listed. */
export function isListed(list: BlockList, address: string): boolean {
  const bare = address.split('%')[0] ?? '';
  const version = isIP(bare);
  return version !== 0 && list.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}
