const encoder = new TextEncoder();
const LAST_BREAK = /\r?\n$/;

/** How the lines of a body end. A text field shows both alike, a signature does not take both. */
export type LineEnds = 'lf' | 'crlf';

export interface BodyFacts {
  /** In UTF-8, which is what is signed. */
  readonly bytes: number;
  /** Often added by an editor or a shell, and then no signature holds. */
  readonly endsWithBreak: boolean;
  readonly breaks: number;
}

/** What can be seen of a body, and must be right for its signature to hold. */
export const bodyFacts = (body: string): BodyFacts => ({
  bytes: encoder.encode(body).length,
  endsWithBreak: LAST_BREAK.test(body),
  breaks: body.split('\n').length - 1,
});

export const withoutLastBreak = (body: string): string => body.replace(LAST_BREAK, '');

/** The line ends of a text that was pasted; those of a text without any, or with both, count as LF. */
export const lineEndsOf = (text: string): LineEnds => (/^(?:[^\n]*\r\n)+[^\n]*$/.test(text) ? 'crlf' : 'lf');

/** The body as it is sent. Text fields know LF alone, whatever was pasted. */
export function withLineEnds(text: string, ends: LineEnds): string {
  const unix = text.replaceAll('\r\n', '\n');
  return ends === 'lf' ? unix : unix.replaceAll('\n', '\r\n');
}
