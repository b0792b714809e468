import { findEndpoint } from '@posthorn/store/tenant/find-endpoint';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import { showEndpoint } from './show-endpoint.ts';

/** `GET /v1/webhook-endpoints/{id}` */
export async function getEndpoint({ tenant, params }: Call, { secretBox }: Pick<Deps, 'secretBox'>): Promise<Answer> {
  const row = await findEndpoint(tenant.database, readPathId('endpoint', params.id));
  if (!row) throw notFound();
  return ok(showEndpoint(row, tenant, secretBox));
}
