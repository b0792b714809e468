/** Who does something, and from where: what the audit log keeps of a request. */
export interface Origin {
  readonly actor: 'key' | 'operator';
  /** UUID of the tenant's key; `null` for the operator. */
  readonly keyId: string | null;
  readonly address: string | null;
  readonly requestId: string;
  /** The operation of the API. */
  readonly action: string;
}

/** Something that is changed: what the audit log says of it. */
export interface Act extends Origin {
  readonly objectType: string;
  /** As the API shows it. */
  readonly objectId: string;
  /** Names of the fields that were given, never their values. */
  readonly fields: readonly string[];
}

/** The chain of what belongs to no tenant. */
export const OPERATOR_CHAIN = '00000000-0000-0000-0000-000000000000';

type NewEntry = Omit<Act, 'fields'> & { readonly tenantId: string; readonly fields: string[] };

/** A transaction, scoped to a tenant or not. */
interface NotingTransaction {
  readonly auditEntry: { createMany(args: { data: NewEntry[] }): Promise<unknown> };
}

/**
 * Writes an act to the audit log. Last in the transaction that makes the change: from here on the chain is locked, and
 * the two commit together or not at all.
 */
export async function noteAct(tx: NotingTransaction, tenantId: string, act: Act): Promise<void> {
  await tx.auditEntry.createMany({ data: [{ ...act, tenantId, fields: [...act.fields] }] });
}
