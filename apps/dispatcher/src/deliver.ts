import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Logger } from '@posthorn/runtime/create-logger';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { OrderingLine } from '@posthorn/store/engine/ordering-line';
import type { ProfileFinder } from '@posthorn/store/find-profile';
import type { Profile } from '@posthorn/wire/profile';
import { freedLine } from './attempt/freed-line.ts';
import type { FinishedAttempt } from './attempt/run-attempt.ts';
import type { DispatcherMetrics } from './dispatcher-metrics.ts';
import type { EndpointGate } from './gate/endpoint-gate.ts';
import type { Turn } from './gate/hold-turn.ts';

export interface DeliverDeps {
  readonly run: (delivery: ClaimedDelivery, profile: Profile, turn: Turn) => Promise<FinishedAttempt>;
  readonly findProfile: ProfileFinder;
  readonly gate: Pick<EndpointGate, 'setRateLimit' | 'setParked'>;
  /** Begins to cancel what is open of an endpoint that was disabled with the attempt's record. */
  readonly cancelBacklog: (endpointId: string) => void;
  /** Begins to let the next delivery of a line go. */
  readonly releaseLine: (line: OrderingLine) => void;
  /** Gives a delivery back that was not sent, without an attempt; it is due again after `delayMs`. */
  readonly putOff: (delivery: ClaimedDelivery, delayMs: number) => Promise<void>;
  /** Whether so much of the claim's lease is over that its request could outlast it. */
  readonly isLate: (delivery: ClaimedDelivery) => boolean;
  /** Whether requests are being cut off, so that none may begin. */
  readonly isStopping: () => boolean;
  readonly log: Logger;
  readonly metrics: DispatcherMetrics;
}

/** What is left to do after an attempt: nothing, or another one after `delayMs`. */
export interface Delivered {
  readonly retryInMs: number | null;
  readonly failed: boolean;
  readonly reason: string;
}

function report({ log, metrics }: DeliverDeps, attempt: FinishedAttempt): void {
  const { delivery, classified, exchange, next, recorded } = attempt;
  metrics.attempts.inc({ outcome: classified.outcome });
  metrics.attemptSeconds.observe(exchange.durationMs / 1_000);
  if (recorded.kind === 'lost') metrics.lostLeases.inc();
  log.info('attempt', {
    delivery: encodeTypeId('delivery', delivery.id),
    event: encodeTypeId('event', delivery.eventId),
    endpoint: encodeTypeId('endpoint', delivery.endpointId),
    type: delivery.type,
    attempt: delivery.number,
    outcome: classified.outcome,
    response_status: exchange.result.kind === 'answered' ? exchange.result.status : undefined,
    duration_ms: exchange.durationMs,
    status: recorded.kind === 'lost' ? 'lease lost' : recorded.status,
    retry_in_ms: next.status === 'retrying' ? next.delayMs : undefined,
    disables: next.status === 'failed' ? (next.disable ?? undefined) : undefined,
    error: classified.error ?? undefined,
  });
}

/** A delivery under a contract that this version cannot read waits this long for a dispatcher that can. */
const UNREADABLE_MS = 30_000;

/** What became of a delivery that was not attempted: its row, not this job, says when it is due again. */
const PUT_OFF: Delivered = { retryInMs: null, failed: false, reason: 'put off' };

/** Of a stopping dispatcher, or of one that is older than the contract, nothing is sent, and no attempt is lost. */
async function profileFor(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Profile | null> {
  if (deps.isStopping()) {
    await deps.putOff(delivery, 0);
    return null;
  }
  try {
    return await deps.findProfile(delivery);
  } catch (error) {
    deps.log.error('a contract cannot be read; another dispatcher may know it', {
      delivery: encodeTypeId('delivery', delivery.id),
      error: String(error),
    });
    await deps.putOff(delivery, UNREADABLE_MS);
    return null;
  }
}

/**
 * Runs one attempt of a claimed delivery and does what follows from it outside the queue.
 *
 * @param turn its start is awaited, and its end told, but for what is left when all is done
 */
export async function deliver(deps: DeliverDeps, delivery: ClaimedDelivery, turn: Turn): Promise<Delivered> {
  const profile = await profileFor(deps, delivery);
  if (profile === null) return PUT_OFF;
  deps.gate.setRateLimit(delivery.endpointId, delivery.endpoint.rateLimit ?? profile.ratePerSecond);
  if (!(await turn.start(delivery.token))) {
    await deps.putOff(delivery, 0);
    deps.gate.setParked(delivery, true);
    return PUT_OFF;
  }
  // A process that was frozen meanwhile, or waited for a slow database: others may have it by now.
  if (deps.isLate(delivery)) {
    await deps.putOff(delivery, 0);
    return PUT_OFF;
  }
  const attempt = await deps.run(delivery, profile, turn);
  report(deps, attempt);
  const { next, recorded } = attempt;
  const goesOn = recorded.kind === 'recorded' && recorded.status === 'retrying' && next.status === 'retrying';
  const line = freedLine(delivery, recorded);
  if (line) deps.releaseLine(line);
  const failed = recorded.kind === 'recorded' && recorded.status === 'failed';
  if (failed && next.status === 'failed' && next.disable !== null) deps.cancelBacklog(delivery.endpointId);
  return {
    retryInMs: goesOn ? next.delayMs : null,
    failed,
    reason: attempt.classified.error ?? attempt.classified.outcome,
  };
}
