import type { SignatureScheme } from '../profile.ts';

/** A part of the signed text: fixed, or a value by the name of its placeholder. */
export type SignedPart = { readonly text: string } | { readonly value: string };

/** Where a request says when it was signed. In a signature's header, `before` and `after` stand around the time. */
export type TimeSource = { readonly header: string } | { readonly before: string; readonly after: string };

/** What a verifier of one scheme reads and computes, worked out once for every language. */
export interface VerifierPlan {
  readonly scheme: SignatureScheme;
  /** Headers that may hold signatures, as the scheme spells them. */
  readonly signatureHeaders: readonly string[];
  /** `null`: the scheme sends no time. */
  readonly time: TimeSource | null;
  readonly timeIsSigned: boolean;
  /** What is signed beside body and time, and the header that has it. */
  readonly ids: readonly { readonly value: string; readonly header: string }[];
  readonly signed: readonly SignedPart[];
}

/** Around the one placeholder of a template. */
export interface Affixes {
  readonly before: string;
  readonly after: string;
}

const PLACEHOLDER = /\{(\w+)\}/;
/** UTF-8 has no half of a surrogate pair; what signs a text replaces it in the same way. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** What stands around the one placeholder of a template. */
export function affixesOf(template: string): Affixes {
  const [before = '', , after = ''] = template.split(PLACEHOLDER);
  return { before, after };
}

function timeSourceOf({ lead, headers }: SignatureScheme): TimeSource | null {
  if (lead.includes('{timestamp}')) return affixesOf(lead);
  const named = headers.findLast(({ from }) => from === 'timestamp');
  return named ? { header: named.name } : null;
}

/** Text that stands side by side is one part. */
function joinTexts(parts: readonly SignedPart[]): SignedPart[] {
  const joined: SignedPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if ('text' in part && last && 'text' in last) joined[joined.length - 1] = { text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

/** The signed text's parts; a placeholder that no header fills is signed as the text that it is. */
function partsOf(template: string, known: ReadonlySet<string>): SignedPart[] {
  const parts = template.split(PLACEHOLDER).map((piece, index): SignedPart => {
    if (index % 2 === 0) return { text: piece.replaceAll(LONE_SURROGATE, '\uFFFD') };
    return known.has(piece) ? { value: piece } : { text: `{${piece}}` };
  });
  return joinTexts(parts.filter((part) => 'value' in part || part.text !== ''));
}

/**
 * Works out what a verifier of this scheme does. Nothing here or in the languages' files imports `node:` modules, so a
 * web page can write verifiers, too.
 */
export function planVerifier(scheme: SignatureScheme): VerifierPlan {
  const time = timeSourceOf(scheme);
  const headerOf = new Map<string, string>(scheme.headers.map(({ name, from }) => [from, name]));
  const known = new Set(['body', ...headerOf.keys(), ...(time ? ['timestamp'] : [])]);
  const signed = partsOf(scheme.signed, known);
  const values = [...new Set(signed.flatMap((part) => ('value' in part ? [part.value] : [])))];
  const { header, rotation } = scheme;
  return {
    scheme,
    signatureHeaders: rotation === 'list' ? [header] : [header, `${header}-Next`],
    time,
    timeIsSigned: values.includes('timestamp'),
    ids: values
      .filter((value) => value !== 'body' && value !== 'timestamp')
      .map((value) => ({ value, header: headerOf.get(value) ?? '' })),
    signed,
  };
}
