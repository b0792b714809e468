import type { FinishedAttempt } from './run-attempt.ts';

/** Statuses with which a receiver asks for less. */
const OVERLOADED = new Set([429, 503]);

/**
 * Whether the endpoint can take more at once: a quick refusal costs nobody anything, but hanging and "too many
 * requests" do. `null`: the attempt says nothing of it.
 */
export function endpointHealth({ classified, exchange }: FinishedAttempt): boolean | null {
  if (classified.outcome === 'interrupted' || classified.outcome === 'blocked') return null;
  if (classified.outcome === 'timeout') return false;
  return !(exchange.result.kind === 'answered' && OVERLOADED.has(exchange.result.status));
}
