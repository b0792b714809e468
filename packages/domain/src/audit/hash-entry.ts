import { createHash } from 'node:crypto';

/** An entry of the audit log with the place in its chain that the database gave it. */
export interface ChainedEntry {
  /** UUID of the tenant whose chain it is in; all zeros: the operator's. */
  readonly tenantId: string;
  /** From 1. */
  readonly number: number;
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly fields: readonly string[];
  readonly address: string | null;
  readonly requestId: string | null;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

/** SHA-256 of the entry as a JSON array, the hash before it first; the database's trigger makes the same. */
export function hashEntry(entry: ChainedEntry): Buffer {
  const text = JSON.stringify([
    Buffer.from(entry.previousHash).toString('hex'),
    entry.tenantId,
    entry.number,
    entry.id,
    entry.at.toISOString(),
    entry.actor,
    entry.keyId,
    entry.keyName,
    entry.action,
    entry.objectType,
    entry.objectId,
    entry.fields,
    entry.address,
    entry.requestId,
  ]);
  return createHash('sha256').update(text).digest();
}
