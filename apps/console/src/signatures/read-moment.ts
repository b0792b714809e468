const UNIX_SECONDS = /^\d{9,11}$/;
const UNIX_MS = /^\d{12,14}$/;
const MS_PER_SECOND = 1_000;

/** What was typed as a time: none, a moment (RFC 3339), or something else. */
export type TypedMoment = { readonly at: string | undefined } | { readonly problem: string };

/** Reads a time as logs write it: RFC 3339, the date of an HTTP header, or unix seconds or milliseconds. */
export function readMoment(text: string): TypedMoment {
  const plain = text.trim();
  if (plain === '') return { at: undefined };
  const ms = UNIX_SECONDS.test(plain)
    ? Number(plain) * MS_PER_SECOND
    : UNIX_MS.test(plain)
      ? Number(plain)
      : /\d{4}/.test(plain)
        ? Date.parse(plain)
        : Number.NaN;
  return Number.isNaN(ms)
    ? { problem: 'Write a time such as 2026-07-02T12:00:00Z, or unix seconds' }
    : { at: new Date(ms).toISOString() };
}
