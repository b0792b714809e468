import { useQuery } from '@tanstack/react-query';
import { askedTestsQuery } from '../api/asked-tests.ts';
import { endpointsQuery } from '../api/endpoints.ts';
import { ledgerQuery } from '../api/ledger.ts';
import type { Progress } from './decide-first-steps.ts';

/** Whoever has this many is not new, and is not asked how many of them were tests. */
const NEW_TENANT_EVENTS = 100;

/** What the tenant has done so far; undefined until all of it is known. */
export function useProgress() {
  const ledger = useQuery(ledgerQuery);
  const endpoints = useQuery(endpointsQuery);
  const isNew = (ledger.data?.events_accepted ?? NEW_TENANT_EVENTS) < NEW_TENANT_EVENTS;
  const tests = useQuery({ ...askedTestsQuery, enabled: isNew });
  const queries = isNew ? [ledger, endpoints, tests] : [ledger, endpoints];
  const counted = isNew ? tests.data : 0;
  const progress: Progress | undefined =
    ledger.data && endpoints.data && counted !== undefined
      ? {
          endpoints: endpoints.data.rows.length,
          deliveries: ledger.data.deliveries,
          events: ledger.data.events_accepted,
          tests: counted,
        }
      : undefined;
  return {
    progress,
    newestEndpointId: endpoints.data?.rows[0]?.id,
    /** Why it cannot be known. */
    error: progress ? null : (queries.find(({ error }) => error)?.error ?? null),
    retry: (): void => void Promise.all(queries.map(({ refetch }) => refetch())),
  };
}
