import { type Act, noteAct, OPERATOR_CHAIN } from '../note-act.ts';
import type { Database } from '../open-database.ts';
import type { NewApiKey } from './create-api-key.ts';
import type { Quotas } from './set-quotas.ts';

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  readonly profile: string;
  readonly email: string | null;
  readonly createdAt: Date;
}

/** What the API shows of a tenant, and the version of its own profile. */
export const tenantColumns = {
  id: true,
  name: true,
  profile: true,
  profileId: true,
  email: true,
  createdAt: true,
  quota: { select: { endpoints: true, eventsPerMonth: true } },
} as const;
export type TenantRow = NewTenant & { readonly profileId: string | null; readonly quota: Quotas | null };

/** Stores a tenant with its first key, or neither. */
export function createTenant(database: Database, tenant: NewTenant, key: NewApiKey, act: Act): Promise<TenantRow> {
  const { tenantId: _, ...apiKey } = key;
  return database.$transaction(async (tx) => {
    const row = await tx.tenant.create({
      data: {
        ...tenant,
        apiKeys: { create: { ...apiKey, scopes: [...key.scopes], digest: new Uint8Array(key.digest) } },
      },
      select: tenantColumns,
    });
    await noteAct(tx, OPERATOR_CHAIN, act);
    return row;
  });
}
