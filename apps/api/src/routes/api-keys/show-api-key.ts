import { encodeTypeId } from '@posthorn/domain/type-id';
import type { ApiKey } from '@posthorn/http-api/api-key';
import type { ApiKeyRow } from '@posthorn/store/operator/create-api-key';

/** A key as the API shows it: never the key itself. */
export const showApiKey = (row: ApiKeyRow): ApiKey => ({
  id: encodeTypeId('apiKey', row.id),
  name: row.name,
  scopes: [...row.scopes] as ApiKey['scopes'],
  prefix: row.prefix,
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt?.toISOString() ?? null,
  last_used_at: row.lastUsedAt?.toISOString() ?? null,
});
