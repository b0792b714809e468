import { listAttempts } from '@posthorn/store/tenant/list-attempts';
import { type Answer, ok } from '../../http/answer.ts';
import { notFound } from '../../http/app-error.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readPathId } from '../read-id.ts';
import type { PagingQuery } from '../show-page.ts';
import { showAttempt } from './show-attempt.ts';

/** `GET /v1/webhook-deliveries/{id}/attempts`: newest first. */
export async function getAttempts({ tenant, params, query }: Call<TenantScope, PagingQuery>): Promise<Answer> {
  const id = readPathId('delivery', params.id);
  const place = decodeCursor('attempts', query.cursor);
  const page = await listAttempts(tenant.database, id, {
    limit: query.limit,
    before: place === null ? null : Number(place),
  });
  if (!page) throw notFound();
  const last = page.last === null ? null : String(page.last);
  return ok({ data: page.rows.map(showAttempt), next_cursor: encodeCursor('attempts', last) });
}
