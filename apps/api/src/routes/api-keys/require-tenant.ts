import type { Database } from '@posthorn/store/open-database';
import { findTenant } from '@posthorn/store/operator/find-tenant';
import { notFound } from '../../http/app-error.ts';
import { readPathId } from '../read-id.ts';

/**
 * The UUID of the tenant that a path names.
 *
 * @throws AppError `not_found`
 */
export async function requireTenant(database: Database, text: string): Promise<string> {
  const tenant = await findTenant(database, readPathId('tenant', text));
  if (!tenant) throw notFound();
  return tenant.id;
}
