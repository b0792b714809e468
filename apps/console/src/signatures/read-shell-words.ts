/** A part of a word as it stands in the text, and what it stands for. */
interface Piece {
  readonly length: number;
  readonly text: string;
}

const ansiEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ANSI =
  /\\(?:[uUx](?<hex>(?<=u)[0-9a-fA-F]{1,4}|(?<=U)[0-9a-fA-F]{1,8}|(?<=x)[0-9a-fA-F]{1,2})|(?<octal>[0-7]{1,3})|(?<plain>[\s\S]))/g;
const MAX_CODE_POINT = 0x10_ffff;

const character = (code: number): string => (code > MAX_CODE_POINT ? '\ufffd' : String.fromCodePoint(code));

function unescapeOne({ hex, octal, plain = '' }: Readonly<Record<string, string | undefined>>): string {
  if (hex !== undefined) return character(Number.parseInt(hex, 16));
  return octal === undefined ? (ansiEscapes[plain] ?? plain) : character(Number.parseInt(octal, 8));
}

/** The text of `$'…'`, as browsers write commands whose body has line breaks or quotes. */
const unescapeAnsi = (text: string): string =>
  text.replaceAll(ANSI, (...match: unknown[]) => unescapeOne(match.at(-1) as Record<string, string | undefined>));

/** How a word goes on, each form with what it stands for; the first that fits counts. */
const forms: readonly (readonly [RegExp, (inner: string) => string])[] = [
  [/\$'((?:[^'\\]|\\[\s\S])*)(?:'|$)/y, unescapeAnsi],
  [/'([^']*)(?:'|$)/y, (inner) => inner],
  // Within double quotes a backslash means itself but before these.
  [
    /"((?:[^"\\]|\\[\s\S])*)(?:"|$)/y,
    (inner) => inner.replaceAll(/\\([$`"\\]|\r?\n)/g, (_, next: string) => (/\n/.test(next) ? '' : next)),
  ],
  [/\\(\r?\n|[\s\S]|$)/y, (inner) => (/\n/.test(inner) ? '' : inner)],
  [/([^\s'"\\$]+|\$)/y, (inner) => inner],
];

function pieceAt(text: string, at: number): Piece {
  for (const [form, meaning] of forms) {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match) return { length: match[0].length, text: meaning(match[1] ?? '') };
  }
  return { length: 1, text: text.charAt(at) };
}

const CONTINUATION = /\\\r?\n/y;
const isSpace = (text: string, at: number): boolean => /\s/.test(text.charAt(at));

/** The words of a command, as a POSIX shell reads them; quotes that never close end with the text. */
export function readShellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; ) {
    if (isSpace(text, at)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    const piece = pieceAt(text, at);
    CONTINUATION.lastIndex = at;
    // A line that goes on makes no word of its own.
    if (!(word === null && CONTINUATION.test(text))) word = (word ?? '') + piece.text;
    at += piece.length;
  }
  return word === null ? words : [...words, word];
}
