import { z } from 'zod';
import { listDeliveriesQuery } from './delivery.ts';
import { publicId } from './public-id.ts';

const MAX_WATCHED_IDS = 100;
const WATCH_MAX_CHARACTERS = 4_000;

const watch = z
  .string()
  .max(WATCH_MAX_CHARACTERS)
  .transform((text) => (text === '' ? [] : text.split(',')))
  .refine((ids) => ids.length <= MAX_WATCHED_IDS, `must name at most ${MAX_WATCHED_IDS} deliveries`);

/** `GET /v1/stream`: `after` is the newest delivery that the client shows, `watch` all that it shows. */
export const liveQuery = listDeliveriesQuery
  .pick({ status: true, endpoint_id: true, event_id: true, type: true, jobId: true })
  .extend({
    after: publicId('delivery')
      .optional()
      .meta({ description: 'The newest delivery that the client shows; later ones are told.' }),
    watch: watch
      .optional()
      .meta({ description: `Deliveries whose changes are told, at most ${MAX_WATCHED_IDS}, separated by commas.` }),
    tenant: publicId('tenant')
      .optional()
      .meta({ description: "As the header X-Tenant-Id, which a browser's EventSource cannot send." }),
  });

export type LiveQuery = z.infer<typeof liveQuery>;
