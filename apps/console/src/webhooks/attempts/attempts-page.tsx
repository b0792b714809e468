import { Stack } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useListKeys } from '../../show/use-list-keys.ts';
import type { AttemptFilter } from './attempt-filter.ts';
import { AttemptFilters } from './attempt-filters.tsx';
import { AttemptList } from './attempt-list.tsx';

const route = getRouteApi('/signed-in/webhooks/attempts');

/** Every attempt, whatever delivery it is of, newest first. */
export function AttemptsPage() {
  const filter = route.useSearch();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const change = (next: AttemptFilter): void => void navigate({ to: '/webhooks/attempts', search: next });
  useListKeys({ '/': () => field.current?.focus() });
  return (
    <Stack gap="sm">
      <AttemptFilters filter={filter} onChange={change} field={field} />
      <AttemptList key={JSON.stringify(filter)} filter={filter} onClear={() => change({})} />
    </Stack>
  );
}
