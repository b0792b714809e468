import type { Classified } from '@posthorn/domain/delivery/classify-result';
import type { Exchange } from '../send/read-exchange.ts';

/** Statuses with which a receiver asks for less. */
const OVERLOADED = new Set([429, 503]);
/** A request that failed later than this has cost as much as one that hung: a silent name server, a filtered port. */
const SLOW_FAILURE_MS = 1_000;

/** Of an endpoint that takes a delivery within this, the next ones may be claimed while others are sent. */
const QUICK_MS = 100;

/** What is known of the endpoint once a request has ended. */
interface Answer {
  readonly classified: Classified;
  readonly exchange: Exchange;
}

/** Whether it took the delivery, and at once. */
export const tookQuickly = ({ classified, exchange }: Answer): boolean =>
  classified.outcome === 'succeeded' && exchange.durationMs < QUICK_MS;

/**
 * Whether the endpoint can take more at once: a quick refusal costs nobody anything, but hanging and "too many
 * requests" do. So does a handshake that fails, however quickly, or was dear: the receiver chooses what verifying its
 * certificates costs, and meanwhile this process does nothing else. `null`: the attempt says nothing of it.
 */
export function endpointHealth({ classified, exchange }: Answer): boolean | null {
  if (classified.outcome === 'interrupted') return null;
  if (classified.outcome === 'blocked') return exchange.durationMs < SLOW_FAILURE_MS ? null : false;
  if (classified.outcome === 'timeout' || exchange.dearHandshake) return false;
  const { result, durationMs } = exchange;
  if (result.kind === 'network') return result.stage !== 'handshake' && durationMs < SLOW_FAILURE_MS;
  return !(result.kind === 'answered' && OVERLOADED.has(result.status));
}
