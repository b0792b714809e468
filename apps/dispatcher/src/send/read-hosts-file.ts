import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Where the operating system keeps the names that its operator wrote down. */
export const HOSTS_FILE = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/** Addresses by host name, as in a hosts file: `address name name… # comment`. A file that cannot be read has none. */
export async function readHostsFile(path: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const known = found.get(name.toLowerCase());
      if (known) known.push(address);
      else found.set(name.toLowerCase(), [address]);
    }
  }
  return found;
}
