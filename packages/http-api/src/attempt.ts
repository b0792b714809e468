import { attemptOutcomes } from '@posthorn/domain/delivery/attempt-outcome';
import { z } from 'zod';
import { pageOf } from './paging.ts';
import { publicId } from './public-id.ts';
import { timestamp } from './timestamp.ts';

const headers = z.record(z.string(), z.unknown()).nullable();

export const attempt = z
  .object({
    id: publicId('attempt'),
    number: z.int().meta({ description: 'From 1.' }),
    started_at: timestamp,
    duration_ms: z.int(),
    outcome: z.enum(attemptOutcomes),
    response_status: z.int().nullable(),
    response_headers: headers,
    response_body: z.string().nullable().meta({ description: 'At most 16 KiB are kept.' }),
    error: z.string().nullable(),
    request_headers: headers.meta({ description: 'As sent; signatures and custom values are masked.' }),
  })
  .meta({ id: 'Attempt' });

export const attemptPage = pageOf(attempt).meta({ id: 'AttemptPage' });

export type Attempt = z.infer<typeof attempt>;
