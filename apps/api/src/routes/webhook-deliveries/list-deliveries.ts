import type { listDeliveriesQuery } from '@posthorn/http-api/delivery';
import { listDeliveries } from '@posthorn/store/tenant/list-deliveries';
import type { z } from 'zod';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readFilterId } from '../read-id.ts';
import { readPageRequest, showPage } from '../show-page.ts';
import { showDelivery } from './show-delivery.ts';

/** `GET /v1/webhook-deliveries` */
export async function getDeliveries({
  tenant,
  query,
}: Call<TenantScope, z.output<typeof listDeliveriesQuery>>): Promise<Answer> {
  const filter = {
    status: query.status,
    endpointId: readFilterId('endpoint', 'endpoint_id', query.endpoint_id),
    eventId: readFilterId('event', 'event_id', query.event_id),
    type: query.type,
    jobId: query.jobId,
    createdAfter: query.created_after,
    createdBefore: query.created_before,
  };
  return ok(
    showPage(
      'deliveries',
      await listDeliveries(tenant.database, readPageRequest('deliveries', query), filter),
      showDelivery,
    ),
  );
}
