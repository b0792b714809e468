const DAY_MS = 86_400_000;

/** For how long a new key may be good. */
export const keyLifetimes = [
  { value: 'never', label: 'Never', days: null },
  { value: '1d', label: 'In a day', days: 1 },
  { value: '7d', label: 'In 7 days', days: 7 },
  { value: '30d', label: 'In 30 days', days: 30 },
  { value: '90d', label: 'In 90 days', days: 90 },
  { value: '365d', label: 'In a year', days: 365 },
] as const;
export type KeyLifetime = (typeof keyLifetimes)[number]['value'];

/** When a key made now ends, RFC 3339; `null`: never. @param now ms since the epoch */
export function expiryOf(lifetime: KeyLifetime, now: number): string | null {
  const days = keyLifetimes.find(({ value }) => value === lifetime)?.days ?? null;
  return days === null ? null : new Date(now + days * DAY_MS).toISOString();
}
