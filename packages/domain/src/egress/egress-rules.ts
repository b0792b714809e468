import type { BlockList } from 'node:net';

/** What decides where deliveries may go, besides the tables of reserved ranges and ports. */
export interface EgressRules {
  /** Whether `http:` may be spoken at all (`ALLOW_HTTP`). */
  readonly allowHttp: boolean;
  /** Networks that the operator opened (`EGRESS_ALLOW`); they win over every rule. */
  readonly allowed: BlockList;
  /** Addresses of this machine's own interfaces, public ones too: a delivery to them would come from inside. */
  readonly own: () => BlockList;
}
