import type { Settlement } from '@posthorn/store/engine/settle-notification';

/**
 * What came of one try. `unaddressed`: there is nobody to send to, or nothing to send with; `refused`: the recipient's
 * server will never take it.
 */
export type SendOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'unaddressed' | 'refused' | 'failed'; readonly reason: string };

/** The first wait after a failed try; each further one is twice as long, up to the longest. */
const FIRST_WAIT_MS = 2_000;
export const MAX_WAIT_MS = 900_000;
/** A mail that could not be sent within a day tells nobody anything that the console does not show. */
export const GIVE_UP_AFTER_MS = 86_400_000;
const MAX_DOUBLINGS = 20;

/** Decides what becomes of a notification after a try. */
export function decideSettlement(
  outcome: SendOutcome,
  { tries, ageMs }: { readonly tries: number; readonly ageMs: number },
): Settlement {
  switch (outcome.kind) {
    case 'sent':
      return { status: 'sent' };
    case 'unaddressed':
      return { status: 'logged', error: outcome.reason };
    case 'refused':
      return { status: 'failed', error: outcome.reason };
    case 'failed': {
      if (ageMs >= GIVE_UP_AFTER_MS) return { status: 'failed', error: outcome.reason };
      const delayMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, MAX_DOUBLINGS));
      return { status: 'pending', error: outcome.reason, delayMs };
    }
  }
}
