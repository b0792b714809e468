/** Every outcome of an attempt. `interrupted`: the process died in it. `blocked`: the egress guard refused the target. */
export const attemptOutcomes = ['succeeded', 'rejected', 'timeout', 'network_error', 'blocked', 'interrupted'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];
