const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
/** The API's years have four digits and are not 0, in UTC. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A moment that the API would take, RFC 3339, as it was written; `null` for anything else. */
export function readMoment(value: unknown): string | null {
  const parts = typeof value === 'string' ? RFC_3339.exec(value) : null;
  if (!parts) return null;
  const [text, year, month, day] = parts;
  const at = Date.parse(text);
  // JavaScript takes 30 February for 2 March.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return isDay && at >= FIRST_MS && at <= LAST_MS ? text : null;
}
