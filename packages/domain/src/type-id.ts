/** Prefixes of public ids, by what they name. */
export const idPrefixes = {
  tenant: 'ten',
  apiKey: 'key',
  endpoint: 'ep',
  event: 'evt',
  delivery: 'dlv',
  attempt: 'att',
  recovery: 'rec',
  auditEntry: 'aud',
} as const;
export type IdKind = keyof typeof idPrefixes;

/** Crockford's base 32 in lower case, as the TypeID specification (0.3) has it. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SUFFIX_CHARACTERS = 26;
const SUFFIX = new RegExp(`^[0-7][${ALPHABET}]{${SUFFIX_CHARACTERS - 1}}$`);
const BITS_PER_CHARACTER = 5n;

/**
 * Writes a UUID as a TypeID, for example `evt_01h455vb4pex5vsknk084sn02q`.
 *
 * @param uuid in the usual form, lower case with dashes
 */
export function encodeTypeId(kind: IdKind, uuid: string): string {
  let bits = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let suffix = '';
  for (let index = 0; index < SUFFIX_CHARACTERS; index += 1) {
    suffix = ALPHABET.charAt(Number(bits & 31n)) + suffix;
    bits >>= BITS_PER_CHARACTER;
  }
  return `${idPrefixes[kind]}_${suffix}`;
}

/** Reads a TypeID of that kind back into a UUID; `null` when it is not one. */
export function decodeTypeId(kind: IdKind, text: string): string | null {
  const prefix = `${idPrefixes[kind]}_`;
  const suffix = text.slice(prefix.length);
  if (!text.startsWith(prefix) || !SUFFIX.test(suffix)) return null;
  let bits = 0n;
  for (const character of suffix) bits = (bits << BITS_PER_CHARACTER) | BigInt(ALPHABET.indexOf(character));
  const hex = bits.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
