import type { AuditEntry } from '@posthorn/http-api/audit-log';
import { queryOptions } from '@tanstack/react-query';
import { type Page, read } from './client.ts';

const MOST = 200;
const ACTIONS = ['testEndpoint', 'probeEndpoint'] as const;

/** How many test events and probes were asked for; they count as events too. For tenants that have few. */
export const askedTestsQuery = queryOptions({
  queryKey: ['asked-tests'],
  queryFn: async (): Promise<number> => {
    const pages = await Promise.all(
      ACTIONS.map((action) => read<Page<AuditEntry>>('/v1/audit-log', { action, limit: MOST })),
    );
    return pages.reduce((sum, { data }) => sum + data.length, 0);
  },
});
