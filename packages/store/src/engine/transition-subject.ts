import type { UsageKind } from '@posthorn/wire/lifecycle';
import { isDuplicate, isRetryable } from '../is-unavailable.ts';
import type { Database, Transaction } from '../open-database.ts';
import { acceptInTransaction, NoneAccepted } from './accept-in-transaction.ts';
import type { Accepted, EventRequest } from './event-request.ts';
import { type Moved, moveSubject, type SubjectMove } from './move-subject.ts';

/** What a move that was made brings with it. */
export interface Consequences {
  readonly events: readonly EventRequest[];
  readonly metered: readonly UsageKind[];
}

export type Transition =
  | { readonly kind: 'moved'; readonly moved: Moved; readonly accepted: readonly Accepted[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'over_quota' };

/** Moves of one subject at once may deadlock with a pair of the same jobId; the loser runs again. */
const MAX_TRIES = 4;
const TRANSACTION_TIMEOUT_MS = 8_000;
const TRANSACTION_WAIT_MS = 2_000;

async function meter(tx: Transaction, tenantId: string, kinds: readonly UsageKind[]): Promise<void> {
  if (kinds.length === 0) return;
  await tx.usageRecord.createMany({ data: kinds.map((kind) => ({ tenantId, kind, quantity: 1 })) });
}

/**
 * Moves a subject. The winner's state, events, deliveries and usage commit together or not at all.
 *
 * @param follow what the move brings with it; it must not wait for anything, and what it throws undoes the move
 * @throws when the database cannot be reached, and then nothing changed
 */
export async function transitionSubject(
  database: Database,
  move: SubjectMove,
  follow: (moved: Moved) => Consequences,
): Promise<Transition> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.$transaction(
        async (tx): Promise<Transition> => {
          const moved = await moveSubject(tx, move);
          if (!moved) return { kind: 'refused' };
          const { events, metered } = follow(moved);
          const accepted = events.length > 0 ? await acceptInTransaction(tx, events) : [];
          await meter(tx, move.tenantId, metered);
          return { kind: 'moved', moved, accepted };
        },
        { maxWait: TRANSACTION_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS },
      );
    } catch (error) {
      // Nothing that a move fires has an idempotency key.
      if (error instanceof NoneAccepted) return { kind: 'over_quota' };
      if (tries >= MAX_TRIES || !(isDuplicate(error) || isRetryable(error))) throw error;
    }
  }
}
