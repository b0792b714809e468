/** RFC 9110, 10.2.3: seconds, or an HTTP date. */
const SECONDS = /^\d{1,9}$/;

/**
 * How long a `Retry-After` asks to wait.
 *
 * @param value the header's text
 * @param nowMs the sender's clock, ms since the epoch
 * @returns ms from now, never negative; `null` when there is no header or it cannot be read
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  const text = value?.trim();
  if (!text) return null;
  if (SECONDS.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
