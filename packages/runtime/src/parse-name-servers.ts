import { Resolver } from 'node:dns';

/** Reads a comma-separated list of name servers, `address` or `address:port`; undefined: one of them is not an address. */
export function parseNameServers(text: string): readonly string[] | undefined {
  const servers = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  try {
    // Node checks them as it does when they are used; nothing is sent.
    new Resolver().setServers(servers);
    return servers;
  } catch {
    return undefined;
  }
}
