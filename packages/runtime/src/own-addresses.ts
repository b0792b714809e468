import { BlockList } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** Interfaces come and go, with containers and tunnels; they are read again after this. */
const REREAD_AFTER_MS = 10_000;

type ReadInterfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * The addresses of this machine's interfaces, as a list that is at most ten seconds old.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createOwnAddresses(now: () => number, read: ReadInterfaces = networkInterfaces): () => BlockList {
  let list = new BlockList();
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - readAt < REREAD_AFTER_MS) return list;
    list = new BlockList();
    for (const { address, family } of Object.values(read()).flatMap((each) => each ?? [])) {
      list.addAddress(address.split('%')[0] ?? '', family === 'IPv4' ? 'ipv4' : 'ipv6');
    }
    readAt = now();
    return list;
  };
}
