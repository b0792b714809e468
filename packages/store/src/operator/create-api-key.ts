import type { Database } from '../open-database.ts';

/** A key to be stored; of the key itself only a digest. */
export interface NewApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly prefix: string;
  readonly digest: Buffer;
  readonly createdAt: Date;
  /** `null`: never. */
  readonly expiresAt: Date | null;
}

export const apiKeyColumns = {
  id: true,
  name: true,
  scopes: true,
  prefix: true,
  createdAt: true,
  lastUsedAt: true,
  expiresAt: true,
} as const;

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly prefix: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
}

/** Stores a key of an existing tenant. */
export function createApiKey(database: Database, key: NewApiKey): Promise<ApiKeyRow> {
  return database.apiKey.create({
    data: { ...key, scopes: [...key.scopes], digest: new Uint8Array(key.digest) },
    select: apiKeyColumns,
  });
}
