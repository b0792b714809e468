import { z } from 'zod';
import { createdRange } from './event.ts';
import { pageOf, pagingFields } from './paging.ts';
import { publicId } from './public-id.ts';
import { storableText } from './text.ts';
import { timestamp } from './timestamp.ts';

const ACTION_MAX_CHARACTERS = 64;
const OBJECT_MAX_CHARACTERS = 500;

const actor = z.enum(['key', 'operator', 'posthorn']).meta({
  description: 'A key of the tenant, the operator, or Posthorn itself.',
});

export const auditEntry = z
  .object({
    id: publicId('auditEntry'),
    tenant_id: publicId('tenant').nullable().meta({ description: 'Null: of no tenant, in the operator’s chain.' }),
    number: z.int().meta({ description: 'Its place in its chain, from 1.' }),
    created_at: timestamp,
    actor,
    key_id: publicId('apiKey').nullable(),
    key_name: z.string().nullable(),
    action: z.string().meta({ description: 'The operation, as this document names it.' }),
    object_type: z.string(),
    object_id: z.string(),
    fields: z.array(z.string()).meta({ description: 'Names of the fields that were given, never their values.' }),
    address: z.string().nullable().meta({
      description: 'Where the request came from; the operator’s own is shown to the operator alone.',
    }),
    request_id: z.string().nullable().meta({ description: 'The X-Request-Id of its answer.' }),
    previous_hash: z.string().meta({ description: 'The hash of the entry before it; empty for the first.' }),
    hash: z.string().meta({ description: 'SHA-256 over the entry and the hash before it, in hex.' }),
  })
  .meta({ id: 'AuditEntry' });

export const auditPage = pageOf(auditEntry).meta({ id: 'AuditPage' });

/** `GET /v1/audit-log` */
export const auditQuery = z.strictObject({
  ...pagingFields,
  action: storableText(1, ACTION_MAX_CHARACTERS).optional(),
  actor: actor.optional(),
  key_id: publicId('apiKey').optional(),
  object_id: storableText(1, OBJECT_MAX_CHARACTERS).optional(),
  ...createdRange,
});

export type AuditEntry = z.infer<typeof auditEntry>;
