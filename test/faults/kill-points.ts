/** One step of the product, and on which side of it the process dies. */
export interface KillPoint {
  /** The end of the module's path. */
  readonly module: string;
  readonly name: string;
  readonly when: 'before' | 'after';
  /** The function makes the step instead of being it. */
  readonly returned?: boolean;
  /** Which results count as a call, as JavaScript; default: all. */
  readonly counts?: string;
  /** Always at this call; default: one of the first few, by the run's seed. */
  readonly nth?: number;
}

const engine = (file: string) => `packages/store/dist/engine/${file}.js`;
const tenantPart = (file: string) => `packages/store/dist/tenant/${file}.js`;
const operatorPart = (file: string) => `packages/store/dist/operator/${file}.js`;
/** Each ends a process in one window between two steps. */
export const points = {
  acceptBefore: { module: engine('accept-events'), name: 'acceptEvents', when: 'before' },
  acceptAfter: { module: engine('accept-events'), name: 'acceptEvents', when: 'after' },
  transitionAfter: { module: engine('transition-subject'), name: 'transitionSubject', when: 'after', nth: 1 },
  replayAfter: { module: operatorPart('replay-delivery'), name: 'replayDelivery', when: 'after', nth: 1 },
  disabledBefore: { module: tenantPart('cancel-open-deliveries'), name: 'cancelBacklog', when: 'before', nth: 1 },
  claimAfter: { module: engine('claim-deliveries'), name: 'claimDeliveries', when: 'after' },
  sendBefore: { module: 'send/create-sender.js', name: 'createSender', when: 'before', returned: true },
  sendAfter: { module: 'send/create-sender.js', name: 'createSender', when: 'after', returned: true },
  recordBefore: { module: engine('record-attempts'), name: 'recordAttempts', when: 'before' },
  recordAfter: { module: engine('record-attempts'), name: 'recordAttempts', when: 'after' },
  parkBefore: { module: engine('park-deliveries'), name: 'parkDeliveries', when: 'before', nth: 1 },
  parkAfter: { module: engine('park-deliveries'), name: 'parkDeliveries', when: 'after', nth: 1 },
  feedAfter: {
    module: engine('claim-parked'),
    name: 'claimParked',
    when: 'after',
    counts: '(rows) => rows.length > 0',
    nth: 1,
  },
  renewAfter: { module: engine('renew-generation'), name: 'renewGeneration', when: 'after', nth: 1 },
  takeOverAfter: {
    module: engine('take-over-interrupted'),
    name: 'takeOverInterrupted',
    when: 'after',
    counts: '({ interrupted }) => interrupted > 0',
    nth: 1,
  },
  recoverAfter: {
    module: engine('advance-recovery'),
    name: 'advanceRecovery',
    when: 'after',
    counts: '(rows) => rows !== null && rows.length > 0',
    nth: 1,
  },
  exhaustedBefore: { module: engine('cancel-backlog'), name: 'cancelBacklog', when: 'before', nth: 1 },
} as const satisfies Record<string, KillPoint>;
