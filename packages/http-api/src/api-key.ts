import { tenantScopes } from '@posthorn/domain/scopes';
import { z } from 'zod';
import { pageOf } from './paging.ts';
import { publicId } from './public-id.ts';
import { storableText } from './text.ts';
import { moment, timestamp } from './timestamp.ts';

const NAME_MAX_CHARACTERS = 200;

const scope = z.enum(tenantScopes);

/** `POST /v1/tenants/{id}/api-keys` */
export const createApiKeyBody = z
  .strictObject({
    name: storableText(1, NAME_MAX_CHARACTERS),
    scopes: z.array(scope).min(1).max(tenantScopes.length),
    expires_at: moment
      .nullable()
      .optional()
      .meta({ description: 'From then on the key is refused; null or missing: never.' }),
  })
  // Not as `examples` of its own: zod leaves those out where a field is transformed.
  .meta({ id: 'CreateApiKey', override: { examples: [{ name: 'billing service', scopes: ['events:write'] }] } });

export const apiKey = z
  .object({
    id: publicId('apiKey'),
    name: z.string(),
    scopes: z.array(scope),
    prefix: z.string().meta({ description: 'How the key begins; enough to recognise it, useless to sign in.' }),
    created_at: timestamp,
    expires_at: timestamp.nullable().meta({ description: 'From then on the key is refused; null: never.' }),
    last_used_at: timestamp.nullable().meta({ description: 'Exact to a minute.' }),
  })
  .meta({ id: 'ApiKey' });

export const createdApiKey = apiKey
  .extend({ api_key: z.string().meta({ description: 'The key itself. Shown this once.' }) })
  .meta({ id: 'CreatedApiKey' });

export const apiKeyPage = pageOf(apiKey).meta({ id: 'ApiKeyPage' });

export type ApiKey = z.infer<typeof apiKey>;
export type CreatedApiKey = z.infer<typeof createdApiKey>;
