import type { Database } from '../open-database.ts';
import { idRange, type Page, type PageRequest, readPage } from '../tenant/read-page.ts';
import { type ApiKeyRow, apiKeyColumns } from './create-api-key.ts';

/** A page of a tenant's keys that are not revoked, newest first. */
export const listApiKeys = (database: Database, tenantId: string, page: PageRequest): Promise<Page<ApiKeyRow>> =>
  readPage(page, (take) =>
    database.apiKey.findMany({
      where: { tenantId, revokedAt: null, id: idRange(page) },
      select: apiKeyColumns,
      orderBy: { id: 'desc' },
      take,
    }),
  );
