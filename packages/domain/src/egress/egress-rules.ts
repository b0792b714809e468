import type { BlockList } from 'node:net';

/** What decides which addresses deliveries may reach, besides the tables of reserved ranges. */
export interface EgressRules {
  /** Networks that the operator opened (`EGRESS_ALLOW`); they win over every rule. */
  readonly allowed: BlockList;
  /** Addresses of this machine's own interfaces, public ones too: a delivery to them would come from inside. */
  readonly own: () => BlockList;
}
