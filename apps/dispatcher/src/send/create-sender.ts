import { performance } from 'node:perf_hooks';
import { createGuardedAgents } from './create-guarded-agents.ts';
import { createIdentityAgents } from './create-identity-agents.ts';
import type { Egress } from './open-guarded.ts';
import type { Sender } from './outgoing-request.ts';
import { sendThrough, type WayOut } from './send-through.ts';

/**
 * A sender whose connections are all guarded.
 *
 * @param interrupt ends every request under way when it aborts, as a network failure
 */
export function createSender(egress: Egress, interrupt: AbortSignal): Sender {
  const now = () => performance.now();
  const wayOut = (keepAlive: boolean): WayOut => ({
    agents: createGuardedAgents(egress, { keepAlive, now }),
    agentFor: createIdentityAgents(
      (secureContext) => createGuardedAgents(egress, { keepAlive, now, secureContext }).https,
    ),
  });
  return sendThrough({
    kept: wayOut(true),
    fresh: wayOut(false),
    interrupt,
    now,
  });
}
