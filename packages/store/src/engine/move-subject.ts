import type { TransitionPlan } from '@posthorn/domain/lifecycle/plan-transition';
import type { Transaction } from '../open-database.ts';

/** Which subject is moved where. */
export interface SubjectMove extends TransitionPlan {
  readonly tenantId: string;
  readonly lifecycle: string;
  readonly subject: string;
  readonly to: string;
}

/** A move that was made. */
export interface Moved {
  readonly previousState: string;
  /** Transitions of the subject, this one included. */
  readonly version: number;
}

/**
 * The compare-and-swap, in one statement: whoever finds the subject in one of the allowed states moves it, everyone
 * else waits for that commit and then finds it elsewhere.
 *
 * @returns `null` when the subject is in another state, or does not exist and cannot begin here
 */
export async function moveSubject(tx: Transaction, move: SubjectMove): Promise<Moved | null> {
  const { tenantId, lifecycle, subject, to } = move;
  const from = [...move.from];
  const rows =
    move.startsFrom === null
      ? await tx.$queryRaw<Moved[]>`
          UPDATE lifecycle_subjects
          SET state = ${to}, previous_state = state, version = version + 1, updated_at = now()
          WHERE tenant_id = ${tenantId}::uuid AND lifecycle = ${lifecycle} AND subject = ${subject}
            AND state = ANY (${from}::text[])
          RETURNING previous_state AS "previousState", version`
      : await tx.$queryRaw<Moved[]>`
          INSERT INTO lifecycle_subjects AS s (tenant_id, lifecycle, subject, state, previous_state, version)
          VALUES (${tenantId}::uuid, ${lifecycle}, ${subject}, ${to}, ${move.startsFrom}, 1)
          ON CONFLICT (tenant_id, lifecycle, subject) DO UPDATE
          SET state = ${to}, previous_state = s.state, version = s.version + 1, updated_at = now()
          WHERE s.state = ANY (${from}::text[])
          RETURNING previous_state AS "previousState", version`;
  return rows[0] ?? null;
}
