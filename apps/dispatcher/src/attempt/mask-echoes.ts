import { Buffer } from 'node:buffer';

/** Parts of a value that are shorter hide nothing worth it, and stand in many texts by chance. */
const MIN_CHARACTERS = 8;
/** A whole value counts from this length on, where it stands by itself and not inside a longer word. */
const MIN_WHOLE_CHARACTERS = 4;
const MASK = '***';
/** Texts that are looked for in an answer. Beyond them, which only headers made for it have, nothing of it is shown. */
const MAX_FORMS = 400;
const MOST_FORMS_OF_A_WORD = 12;
/** Forms times texts of the answer: what is looked for, all told. Beyond them nothing is shown either. */
const MAX_SEARCHES = 20_000;
/** What separates the parts of a header's value: `Bearer …`, `t=…,v1=…`. */
const SEPARATORS = /[\s,;="']+/;
/** Characters that nobody escapes. */
const SAME_EVERYWHERE = /^[A-Za-z0-9_.-]*$/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Replaces what must not be shown, at the end also the beginning of it: an answer may be cut off anywhere. */
export type Mask = (text: string) => string;

const unicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

function percentEncode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half of a surrogate pair, which no URL can hold.
    return text;
  }
}

/**
 * As it stands, and as frameworks write it when they show what they were sent: inside JSON (of several habits), a URL, a form or
 * a page, in base64 and in hexadecimal.
 */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [bytes.toString('base64').replaceAll('=', ''), bytes.toString('base64url'), bytes.toString('hex')];
  if (SAME_EVERYWHERE.test(secret)) return [secret, ...encoded];
  const json = JSON.stringify(secret).slice(1, -1);
  const asciiJson = json.replaceAll(/[<>&'+=\u0080-\uffff]/g, unicodeEscape);
  const url = percentEncode(secret);
  return [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    asciiJson,
    asciiJson.replaceAll('/', '\\/'),
    json.replaceAll(/[<>&]/g, unicodeEscape),
    url,
    url.replaceAll('%20', '+'),
    secret.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character),
    ...encoded,
  ];
}

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

/** A part of a text, from its first character to behind its last. */
type Span = readonly [from: number, to: number];

/** The longest beginning of a form that the text ends with: it may be cut off there. */
function spanAtEnd(text: string, forms: readonly string[]): Span[] {
  const longest = forms.reduce((most, form) => {
    const mayBegin = text.indexOf(form.slice(0, MIN_CHARACTERS), -form.length + text.length);
    return mayBegin === -1 ? most : Math.max(most, overlap(text, form));
  }, 0);
  return longest < MIN_CHARACTERS ? [] : [[text.length - longest, text.length]];
}

function spansOf(text: string, form: string): Span[] {
  const spans: Span[] = [];
  for (let from = text.indexOf(form); from !== -1; from = text.indexOf(form, from + form.length)) {
    spans.push([from, from + form.length]);
  }
  return spans;
}

const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[a-z0-9]/.test(character);
const standsAlone =
  (text: string) =>
  ([from, to]: Span): boolean =>
    !isWordCharacter(text[from - 1]) && !isWordCharacter(text[to]);

/** Masks what spans cover; those that overlap get one mask. */
function cover(text: string, spans: readonly Span[]): string {
  const sorted = [...spans].sort(([a], [b]) => a - b);
  let shown = '';
  let at = 0;
  for (const [from, to] of sorted) {
    if (from >= at) shown += text.slice(at, from) + MASK;
    at = Math.max(at, to);
  }
  return shown + text.slice(at);
}

const lowered = (texts: readonly string[]): string[] => [...new Set(texts.map((text) => text.toLowerCase()))];

/** The values, and the parts of them that count for themselves. */
function wordsOf(sent: readonly string[]): string[] {
  const words = sent.flatMap((value) => [value, ...value.split(SEPARATORS)]);
  return [...new Set(words)].filter(({ length }) => length >= MIN_CHARACTERS);
}

const shortOf = (sent: readonly string[]): string[] =>
  lowered(sent.filter(({ length }) => length >= MIN_WHOLE_CHARACTERS && length < MIN_CHARACTERS));

const beginningOf = (form: string): string => form.slice(0, MIN_CHARACTERS);

/** As much of a word as the beginnings of its forms are made of; never half a surrogate pair, which no URL can hold. */
const headOf = (word: string): string =>
  word.slice(0, MIN_CHARACTERS + (/[\ud800-\udbff]/.test(word[MIN_CHARACTERS - 1] ?? '') ? 1 : 0));

/** Masks everything that was sent and may stand in a text. */
function createWholeMask(sent: readonly string[], texts: number): Mask {
  const forms = lowered(wordsOf(sent).flatMap(formsOf));
  const short = shortOf(sent);
  if (forms.length > MAX_FORMS || forms.length * texts > MAX_SEARCHES) return (text) => (text === '' ? '' : MASK);
  return (text) => {
    if (text.length < MIN_WHOLE_CHARACTERS) return text;
    const inLower = text.toLowerCase();
    // A few characters of some scripts become two: there only what stands as it was sent is found.
    const searched = inLower.length === text.length ? inLower : text;
    const spans = [
      ...forms.flatMap((form) => spansOf(searched, form)),
      ...short.flatMap((form) => spansOf(searched, form).filter(standsAlone(searched))),
      ...spanAtEnd(searched, forms),
    ];
    return spans.length === 0 ? text : cover(text, spans);
  };
}

/**
 * A receiver may repeat in its answer what it was sent; the attempt log must not show by that what it masks itself. Capitals
 * make no difference. Against one that hides it on purpose, in a cipher of its own, nothing helps. Nearly every answer holds
 * nothing of it, not even the beginning of a form, and is shown as it came.
 *
 * @param sent header values that were sent and are masked; their parts count for themselves (`Bearer …`)
 * @param answer all texts of the answer, which the mask is for
 */
export function createEchoMask(sent: readonly string[], answer: readonly string[]): Mask {
  const words = wordsOf(sent);
  if (words.length * MOST_FORMS_OF_A_WORD > MAX_FORMS) return createWholeMask(sent, answer.length);
  const beginnings = lowered(words.flatMap((word) => formsOf(headOf(word)).map(beginningOf)));
  const searched = answer.join('\n').toLowerCase();
  const mayHold = [...beginnings, ...shortOf(sent)].some((beginning) => searched.includes(beginning));
  return mayHold ? createWholeMask(sent, answer.length) : (text) => text;
}
