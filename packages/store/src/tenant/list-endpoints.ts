import { type EndpointRow, endpointColumns } from './find-endpoint.ts';
import { idRange, type Page, type PageRequest, readPage } from './read-page.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** A page of the endpoints that are not deleted, newest first. */
export const listEndpoints = (database: TenantDatabase, page: PageRequest): Promise<Page<EndpointRow>> =>
  readPage(page, (take) =>
    database.endpoint.findMany({
      where: { deletedAt: null, id: idRange(page) },
      select: endpointColumns,
      orderBy: { id: 'desc' },
      take,
    }),
  );
