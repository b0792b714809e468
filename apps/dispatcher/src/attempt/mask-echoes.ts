/** Shorter ones hide nothing worth it, and stand in many texts by chance. */
const MIN_CHARACTERS = 8;
const MASK = '***';

/** Replaces what must not be shown. `cutOff`: the text is the beginning of a longer one, and may end inside a secret. */
export type Mask = (text: string, cutOff?: boolean) => string;

/** As it stands, and as it stands inside a JSON text. */
const formsOf = (secret: string): string[] => [secret, JSON.stringify(secret).slice(1, -1)];

function maskEnd(text: string, forms: readonly string[]): string {
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, text.length); length >= MIN_CHARACTERS; length -= 1) {
      if (text.endsWith(form.slice(0, length))) return `${text.slice(0, -length)}${MASK}`;
    }
  }
  return text;
}

/**
 * A receiver may repeat in its answer what it was sent; the attempt log must not show by that what it masks itself.
 *
 * @param sent header values that were sent and are masked; their words count for themselves (`Bearer …`)
 */
export function createEchoMask(sent: readonly string[]): Mask {
  const words = sent
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .filter(({ length }) => length >= MIN_CHARACTERS);
  // The longest first, or a part would be masked and the rest of its whole be shown.
  const forms = [...new Set(words.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text, cutOff = false) => {
    const masked = forms.reduce((sofar, form) => sofar.replaceAll(form, MASK), text);
    return cutOff ? maskEnd(masked, forms) : masked;
  };
}
