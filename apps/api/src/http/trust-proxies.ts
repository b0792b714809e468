import { type BlockList, isIP } from 'node:net';

/** Whether a connection from an address is one of the proxies that may say where a request came from. */
export const trustProxies =
  (proxies: BlockList) =>
  (address: string): boolean => {
    const version = isIP(address);
    return version > 0 && proxies.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
