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
const BITS_PER_CHARACTER = 5;
const BITS_PER_DIGIT = 4;
/** 26 characters hold two bits more than a UUID: zeros before it. */
const LEADING_BITS = 2;
const DASH = 45;
/** Two characters at once, for each ten bits: ids are written some six times a delivery. */
const PAIRS = Array.from(ALPHABET, (first) => Array.from(ALPHABET, (second) => first + second)).flat();
const BITS_PER_PAIR = 2 * BITS_PER_CHARACTER;
const PAIR_MASK = (1 << BITS_PER_PAIR) - 1;

/** Of a hexadecimal digit in lower case, by its character's code. */
const digitOf = (code: number): number => (code < 97 ? code - 48 : code - 87);

/**
 * Writes a UUID as a TypeID, for example `evt_01h455vb4pex5vsknk084sn02q`.
 *
 * @param uuid in the usual form, lower case with dashes
 */
export function encodeTypeId(kind: IdKind, uuid: string): string {
  let text = `${idPrefixes[kind]}_`;
  let bits = 0;
  let held = LEADING_BITS;
  for (let index = 0; index < uuid.length; index += 1) {
    const code = uuid.charCodeAt(index);
    if (code === DASH) continue;
    // What was written already is shifted beyond the mask.
    bits = (bits << BITS_PER_DIGIT) | digitOf(code);
    held += BITS_PER_DIGIT;
    if (held < BITS_PER_PAIR) continue;
    held -= BITS_PER_PAIR;
    text += PAIRS[(bits >> held) & PAIR_MASK];
  }
  return text;
}

/** Reads a TypeID of that kind back into a UUID; `null` when it is not one. */
export function decodeTypeId(kind: IdKind, text: string): string | null {
  const prefix = `${idPrefixes[kind]}_`;
  const suffix = text.slice(prefix.length);
  if (!text.startsWith(prefix) || !SUFFIX.test(suffix)) return null;
  let hex = '';
  let bits = 0;
  let held = -LEADING_BITS;
  for (const character of suffix) {
    bits = ((bits & 15) << BITS_PER_CHARACTER) | ALPHABET.indexOf(character);
    held += BITS_PER_CHARACTER;
    while (held >= BITS_PER_DIGIT) {
      held -= BITS_PER_DIGIT;
      hex += ((bits >> held) & 15).toString(16);
    }
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
