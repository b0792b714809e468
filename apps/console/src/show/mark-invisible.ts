/** A part of a text: as it stands, or how characters are written that would not be seen. */
export interface TextPart {
  readonly text: string;
  readonly isMark: boolean;
}

/** Beyond so many marks a text is nothing for people, and each would be an element of the page. */
const MAX_MARKS = 1_000;

/** What turns the order of others around, has no width, or is a control; but white space. */
const HIDDEN = String.raw`[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\xAD\u034F\u061C\u115F\u1160\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}\p{Cs}]|\r(?!\n)`;
const SCRIPTS =
  'Arabic Syriac Nko Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Tibetan Myanmar Khmer'
    .split(' ')
    .map((name) => String.raw`\p{Script=${name}}`);
/** What joiners stand between for good: letters of scripts that need them, and parts of an emoji. */
const JOINED = String.raw`[${SCRIPTS.join('')}\p{Extended_Pictographic}\u{1F3FB}-\u{1F3FF}\uFE0F]`;
const JOINERS = String.raw`(?<kept>(?<=${JOINED})[\u200C\u200D](?=${JOINED}))`;

const inLabels = new RegExp(`${JOINERS}|(?:${HIDDEN})`, 'gu');
const everywhere = new RegExp(`(?:${HIDDEN})`, 'gu');

function spell(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** Where the characters stand that are written out. @param isExact joiners too, wherever they stand */
function placesOf(text: string, isExact: boolean): readonly { readonly at: number; readonly character: string }[] {
  return [...text.matchAll(isExact ? everywhere : inLabels)].flatMap(({ 0: character, index, groups }) =>
    groups?.['kept'] === undefined ? [{ at: index, character }] : [],
  );
}

/**
 * A text with its invisible characters written out, such as `\u202E`: left as they are, they show something else than
 * what stands there. With more than a thousand of them it is one part.
 *
 * @param isExact joiners are written out wherever they stand, as is right for what is signed
 */
export function markInvisible(text: string, isExact: boolean): readonly TextPart[] {
  const places = placesOf(text, isExact);
  if (places.length > MAX_MARKS)
    return [{ text: text.replaceAll(isExact ? everywhere : inLabels, spell), isMark: false }];
  const parts: TextPart[] = [];
  let rest = 0;
  for (const { at, character } of places) {
    if (at > rest) parts.push({ text: text.slice(rest, at), isMark: false });
    parts.push({ text: spell(character), isMark: true });
    rest = at + character.length;
  }
  return rest < text.length ? [...parts, { text: text.slice(rest), isMark: false }] : parts;
}

/** The same as one text, for where there can be no markup. */
export const spellInvisible = (text: string): string =>
  markInvisible(text, false)
    .map((part) => part.text)
    .join('');
