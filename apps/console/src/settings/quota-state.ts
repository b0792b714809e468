/** From here on a quota is worth a warning. */
const NEAR_SHARE = 0.8;

export interface QuotaState {
  /** What is used of it, 0 to 1. */
  readonly share: number;
  readonly level: 'ok' | 'near' | 'reached';
}

/** How much of a quota is used. A lowered quota may be exceeded, and one of 0 is always reached. */
export function quotaState(used: number, limit: number): QuotaState {
  if (used >= limit) return { share: 1, level: 'reached' };
  const share = used / limit;
  return { share, level: share >= NEAR_SHARE ? 'near' : 'ok' };
}
