import { type BlockList, isIP } from 'node:net';

/** Each request asks three times, and those of one connection about the same address. */
const MAX_REMEMBERED_ADDRESSES = 1_000;

/** Whether a connection from an address is one of the proxies that may say where a request came from. */
export function trustProxies(proxies: BlockList): (address: string) => boolean {
  const known = new Map<string, boolean>();
  const check = (address: string): boolean => {
    const version = isIP(address);
    return version > 0 && proxies.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
  return (address) => {
    const remembered = known.get(address);
    if (remembered !== undefined) return remembered;
    if (known.size >= MAX_REMEMBERED_ADDRESSES) known.clear();
    const trusted = check(address);
    known.set(address, trusted);
    return trusted;
  };
}
