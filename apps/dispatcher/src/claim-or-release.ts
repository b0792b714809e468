import { setTimeout as delay } from 'node:timers/promises';
import type { Lease } from '@posthorn/store/engine/claimed-delivery';

/** How often an absent database is asked to take the leases back. */
const RETRY_MS = 500;
/** Beyond these the leases run out by themselves. */
const MAX_TOKENS = 1_000;
const GIVE_UP_MS = 600_000;

export interface ClaimOrReleaseDeps {
  /** Makes this dispatcher known, so that its leases end early when it dies. */
  readonly register: () => Promise<unknown>;
  readonly newLease: () => Lease;
  readonly release: (tokens: readonly string[]) => Promise<unknown>;
  readonly now: () => number;
}

/**
 * Claims under a lease that is given back when the claim fails, whatever the error: its answer may have been lost, or what
 * follows it in the same call may have failed. Its deliveries would otherwise wait until the lease runs out, and lose an
 * attempt that nobody made. Nothing is claimed before the dispatcher is known: one that died before its first beat would be
 * missed by nobody.
 */
export function createClaimer({ register, newLease, release, now }: ClaimOrReleaseDeps) {
  const unanswered = new Set<string>();
  let registered: Promise<unknown> | null = null;
  let releasing = false;

  const releaseAll = async (): Promise<void> => {
    const giveUpAt = now() + GIVE_UP_MS;
    while (unanswered.size > 0 && now() < giveUpAt) {
      const tokens = [...unanswered];
      const released = await release(tokens).then(
        () => true,
        () => false,
      );
      if (released) for (const token of tokens) unanswered.delete(token);
      else await delay(RETRY_MS);
    }
    unanswered.clear();
    releasing = false;
  };

  const beKnown = async (): Promise<void> => {
    registered ??= register();
    await registered.catch((error: unknown) => {
      registered = null;
      throw error;
    });
  };

  return async <Result>(claim: (lease: Lease) => Promise<Result>): Promise<Result> => {
    await beKnown();
    const lease = newLease();
    try {
      return await claim(lease);
    } catch (error) {
      if (unanswered.size < MAX_TOKENS) {
        unanswered.add(lease.token);
        if (!releasing) {
          releasing = true;
          void releaseAll();
        }
      }
      throw error;
    }
  };
}
