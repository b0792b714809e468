/** Shorter ones hide nothing worth it, and stand in many texts by chance. */
const MIN_CHARACTERS = 8;
const MASK = '***';
/** Texts that are looked for in an answer. Beyond them, which only headers made for it have, nothing of it is shown. */
const MAX_FORMS = 64;
/** What separates the parts of a header's value: `Bearer …`, `t=…,v1=…`. */
const SEPARATORS = /[\s,;="']+/;

/** Replaces what must not be shown, at the end also the beginning of it: an answer may be cut off anywhere. */
export type Mask = (text: string) => string;

/** As it stands, and as it stands inside a JSON text. */
const formsOf = (secret: string): string[] => [secret, JSON.stringify(secret).slice(1, -1)];

/** How much of a form's beginning the text ends with, in characters. One pass (Knuth, Morris, Pratt). */
function overlap(text: string, form: string): number {
  const tail = text.slice(-form.length);
  const joined = `${form}\u0000${tail}`;
  const borders = new Int32Array(joined.length);
  for (let index = 1; index < joined.length; index += 1) {
    let border = borders[index - 1] ?? 0;
    while (border > 0 && joined[index] !== joined[border]) border = borders[border - 1] ?? 0;
    borders[index] = joined[index] === joined[border] ? border + 1 : 0;
  }
  return tail === '' ? 0 : (borders.at(-1) ?? 0);
}

function maskEnd(text: string, forms: readonly string[]): string {
  const longest = Math.max(0, ...forms.map((form) => overlap(text, form)));
  return longest < MIN_CHARACTERS ? text : `${text.slice(0, -longest)}${MASK}`;
}

/**
 * A receiver may repeat in its answer what it was sent; the attempt log must not show by that what it masks itself.
 *
 * @param sent header values that were sent and are masked; their parts count for themselves (`Bearer …`)
 */
export function createEchoMask(sent: readonly string[]): Mask {
  const words = sent
    .flatMap((value) => [value, ...value.split(SEPARATORS)])
    .filter(({ length }) => length >= MIN_CHARACTERS);
  // The longest first, or a part would be masked and the rest of its whole be shown.
  const forms = [...new Set(words.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  if (forms.length > MAX_FORMS) return (text) => (text === '' ? '' : MASK);
  return (text) => {
    // The end first: once parts of it are replaced, it no longer shows whose beginning it is.
    return forms.reduce((sofar, form) => sofar.replaceAll(form, MASK), maskEnd(text, forms));
  };
}
