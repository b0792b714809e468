import { BlockList, isIP } from 'node:net';

/** A list of networks, or the entries that are not one. */
export type ParsedCidrs =
  | { readonly ok: true; readonly list: BlockList }
  | { readonly ok: false; readonly wrong: readonly string[] };

function addCidr(list: BlockList, text: string): boolean {
  const [address = '', bits, rest] = text.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  const valid = version !== 0 && rest === undefined && /^\d*$/.test(bits ?? '') && bits !== '' && prefix <= longest;
  if (valid) list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  return valid;
}

/** Reads a comma-separated list of CIDRs (`127.0.0.0/8,::1/128`); a bare address means itself alone. */
export function parseCidrs(text: string): ParsedCidrs {
  const list = new BlockList();
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const wrong = entries.filter((entry) => !addCidr(list, entry));
  return wrong.length === 0 ? { ok: true, list } : { ok: false, wrong };
}
