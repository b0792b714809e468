import type { listDeliveriesQuery } from '@posthorn/http-api/delivery';
import { listDeliveries } from '@posthorn/store/tenant/list-deliveries';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readFilterId } from '../read-id.ts';
import { readPageRequest, showPage } from '../show-page.ts';
import { listOverdue } from './list-overdue.ts';
import { showDelivery } from './show-delivery.ts';

/** `GET /v1/webhook-deliveries` */
export async function getDeliveries(
  { tenant, query }: Call<TenantScope, z.output<typeof listDeliveriesQuery>>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const filter = {
    statuses: query.status,
    endpointId: readFilterId('endpoint', 'endpoint_id', query.endpoint_id),
    eventId: readFilterId('event', 'event_id', query.event_id),
    type: query.type,
    jobId: query.jobId,
    createdAfter: query.created_after,
    createdBefore: query.created_before,
  };
  const page = readPageRequest('deliveries', query);
  const found =
    query.overdue === undefined
      ? await listDeliveries(tenant.database, page, filter)
      : await listOverdue(database, tenant, page, filter);
  return ok(showPage('deliveries', found, showDelivery));
}
