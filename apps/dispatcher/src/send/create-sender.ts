import { performance } from 'node:perf_hooks';
import { createGuardedAgents, type Egress } from './create-guarded-agents.ts';
import type { Sender } from './outgoing-request.ts';
import { sendThrough } from './send-through.ts';

/**
 * A sender whose connections are all guarded.
 *
 * @param interrupt ends every request under way when it aborts, as a network failure
 */
export function createSender(egress: Egress, interrupt: AbortSignal): Sender {
  const now = () => performance.now();
  return sendThrough({
    kept: createGuardedAgents(egress, { keepAlive: true, now }),
    fresh: createGuardedAgents(egress, { keepAlive: false, now }),
    interrupt,
    now,
  });
}
