/** Headers by their names as they were written; of a name that stands twice both values. */
export interface HeaderLines {
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** The first line that is no header, counted from 1; `null` when each is one. */
  readonly wrongLine: number | null;
}

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/\d/;
/** What curl and proxies write before each line of a request. */
const LINE_PREFIX = /^[<>] /;

/** Reads headers as somebody pasted them, a line each. The line of the request itself and empty lines are passed over. */
export function parseHeaderLines(text: string): HeaderLines {
  const headers = new Map<string, string[]>();
  let wrongLine: number | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(LINE_PREFIX, '').trim();
    const colon = line.indexOf(':');
    if (line === '' || REQUEST_LINE.test(line)) continue;
    if (colon < 1) {
      wrongLine ??= index + 1;
      continue;
    }
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trimStart()]);
  }
  return { headers: Object.fromEntries(headers), wrongLine };
}
