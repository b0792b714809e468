import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Tenant } from '@posthorn/http-api/tenant';
import type { TenantRow } from '@posthorn/store/operator/create-tenant';

/** A tenant as the API shows it. */
export const showTenant = ({ id, name, profile, email, quota, createdAt }: TenantRow): Tenant => ({
  id: encodeTypeId('tenant', id),
  name,
  profile,
  email,
  quotas: { endpoints: quota?.endpoints ?? null, events_per_month: quota?.eventsPerMonth ?? null },
  created_at: createdAt.toISOString(),
});
