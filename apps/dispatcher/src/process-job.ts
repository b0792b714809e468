import type { DeliveryJob } from '@posthorn/queue/delivery-job';
import type { JobVerdict } from '@posthorn/queue/run-worker';
import type { ClaimRequest, ClaimResult } from '@posthorn/store/engine/claim-result';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { Delivered } from './deliver.ts';
import type { EndpointGate } from './gate/endpoint-gate.ts';
import { holdTurn, type Turn } from './gate/hold-turn.ts';
import type { RetryRoom } from './retry-room.ts';

/** How long a job waits that met an unreachable database. */
const DATABASE_AWAY_MS = 1_000;

export interface ProcessJobDeps {
  readonly gate: EndpointGate;
  readonly claim: (request: ClaimRequest) => Promise<ClaimResult>;
  readonly park: (request: ClaimRequest) => Promise<void>;
  readonly retryRoom: Pick<RetryRoom, 'take'>;
  readonly deliver: (delivery: ClaimedDelivery, turn: Turn) => Promise<Delivered>;
  /** Whether the database may do the same thing later. */
  readonly mayRetry: (error: unknown) => boolean;
  /** Told of every such error. */
  readonly onRetryable: (error: unknown) => void;
}

/** A retry without room in the queue is left to its row, which the reconciler finds when it is due. */
function verdictOf(
  { retryInMs, failed, reason }: Delivered,
  { tenantId }: DeliveryJob,
  { retryRoom }: ProcessJobDeps,
): JobVerdict {
  if (retryInMs !== null) {
    return retryRoom.take(tenantId, retryInMs) ? { kind: 'retry', delayMs: retryInMs, reason } : { kind: 'done' };
  }
  return failed ? { kind: 'failed', reason } : { kind: 'done' };
}

async function parkJob({ gate, park }: ProcessJobDeps, job: DeliveryJob): Promise<JobVerdict> {
  await park(job);
  gate.setParked(job, true);
  return { kind: 'done' };
}

async function claimAndDeliver(deps: ProcessJobDeps, job: DeliveryJob): Promise<JobVerdict> {
  const turn = holdTurn(deps.gate, job);
  try {
    const claim = await deps.claim(job);
    if (claim.kind === 'stale') return { kind: 'done' };
    if (claim.kind === 'early') return { kind: 'postpone', delayMs: claim.waitMs };
    const delivered = await deps.deliver(claim.delivery, turn);
    return verdictOf(delivered, job, deps);
  } finally {
    turn.end();
  }
}

/** One job of the queue: wait for the endpoint's turn, claim the row, attempt it. */
export async function processJob(deps: ProcessJobDeps, job: DeliveryJob): Promise<JobVerdict> {
  try {
    const turn = await deps.gate.enter(job);
    if (turn === 'closed') return { kind: 'postpone', delayMs: 0 };
    return await (turn === 'park' ? parkJob(deps, job) : claimAndDeliver(deps, job));
  } catch (error) {
    if (!deps.mayRetry(error)) throw error;
    deps.onRetryable(error);
    return { kind: 'postpone', delayMs: DATABASE_AWAY_MS };
  }
}
