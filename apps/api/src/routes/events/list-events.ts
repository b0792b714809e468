import type { listEventsQuery } from '@posthorn/http-api/event';
import { listEvents } from '@posthorn/store/tenant/list-events';
import type { z } from 'zod';
import { type Answer, ok } from '../../http/answer.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readPageRequest, showPage } from '../show-page.ts';
import { showEvent } from './show-event.ts';

/** `GET /v1/events` */
export async function getEvents({
  tenant,
  query,
}: Call<TenantScope, z.output<typeof listEventsQuery>>): Promise<Answer> {
  const { type, jobId, created_after: createdAfter, created_before: createdBefore } = query;
  const page = await listEvents(tenant.database, readPageRequest('events', query), {
    type,
    jobId,
    createdAfter,
    createdBefore,
  });
  return ok(showPage('events', page, showEvent));
}
