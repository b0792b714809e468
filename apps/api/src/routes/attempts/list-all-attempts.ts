import type { listAllAttemptsQuery } from '@posthorn/http-api/attempt';
import { listAllAttempts } from '@posthorn/store/operator/list-all-attempts';
import type { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { readFilterId } from '../read-id.ts';
import { readAttemptPlace, writeAttemptPlace } from './attempt-place.ts';
import { showListedAttempt } from './show-listed-attempt.ts';

/** Attempts that are looked at for one page, whether they match or not. */
const MAX_LOOKED_AT = 100_000;

/** `GET /v1/webhook-attempts`: newest first. */
export async function getAllAttempts(
  { tenant, query }: Call<TenantScope, z.output<typeof listAllAttemptsQuery>>,
  { database }: Pick<Deps, 'database'>,
): Promise<Answer> {
  const filter = {
    outcomes: query.outcome,
    endpointId: readFilterId('endpoint', 'endpoint_id', query.endpoint_id),
    isAnswered: query.answered !== undefined,
    minDurationMs: query.min_duration_ms,
    startedAfter: query.started_after,
    startedBefore: query.started_before,
  };
  const place = decodeCursor('all attempts', query.cursor);
  const before = place === null ? null : readAttemptPlace(place);
  const page = { limit: query.limit, before, maxLookedAt: MAX_LOOKED_AT };
  const { rows, last } = await listAllAttempts(database, tenant, page, filter);
  const next = last === null ? null : writeAttemptPlace(last);
  return ok({ data: rows.map(showListedAttempt), next_cursor: encodeCursor('all attempts', next) });
}
