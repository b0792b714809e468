import { Button, Center, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { auditLogQuery } from '../api/settings.ts';
import { useMay } from '../shell/use-session.ts';
import { ListEmpty, ListFailed, ListLoading, NoResult } from '../show/list-states.tsx';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { AuditRow } from './audit-row.tsx';
import { NeedsScope } from './needs-scope.tsx';
import { type AuditFilter, auditFields, isAuditFiltered } from './settings-search.ts';

/** Who changed what. */
export function AuditPanel() {
  return useMay('webhooks:read') ? <AuditLog /> : <NeedsScope scope="webhooks:read" what="the audit log" />;
}

function AuditLog() {
  const { tab: _, ...filter } = useSearch({ from: '/signed-in/settings' });
  const navigate = useNavigate();
  const setFilter = (next: AuditFilter): void =>
    void navigate({ to: '/settings', search: { tab: 'audit', ...next }, replace: true });
  return (
    <Stack>
      <Text size="sm" maw={720}>
        Every change through the API and the console, and what Posthorn did by itself. Events and transitions are
        traffic and have their own record; requests that were refused are in the logs.
      </Text>
      <AuditFilterBar filter={filter} onChange={setFilter} />
      <AuditList filter={filter} onClear={() => setFilter({})} />
    </Stack>
  );
}

function AuditList({ filter, onClear }: { readonly filter: AuditFilter; readonly onClear: () => void }) {
  const key = JSON.stringify(filter);
  // A span counts back from when it was chosen: the pages of one list must agree on where it ends.
  const fields = useMemo(() => auditFields(JSON.parse(key) as AuditFilter, Date.now()), [key]);
  const log = useInfiniteQuery(auditLogQuery(fields));
  if (log.isPending) return <ListLoading />;
  if (log.error && !log.data) return <ListFailed error={log.error} onRetry={() => void log.refetch()} />;
  const rows = log.data.pages.flatMap(({ data }) => data);
  if (rows.length === 0) {
    return isAuditFiltered(filter) ? (
      <NoResult onClear={onClear} />
    ) : (
      <ListEmpty title="Nothing was changed yet">
        <Text>Add an endpoint, and the first entry stands here.</Text>
      </ListEmpty>
    );
  }
  return (
    <Stack gap={0} component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Changes, newest first">
      {rows.map((entry) => (
        <AuditRow key={entry.id} entry={entry} />
      ))}
      {log.isFetchNextPageError && <ListFailed error={log.error} onRetry={() => void log.fetchNextPage()} />}
      {log.hasNextPage && (
        <Center component="li" py="md">
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Show older
          </Button>
        </Center>
      )}
    </Stack>
  );
}
