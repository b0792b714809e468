import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { endpointsQuery } from '../../api/endpoints.ts';
import { statsQuery } from '../../api/stats.ts';
import { useMay } from '../../shell/use-session.ts';
import { LateDialog } from '../../show/late-dialog.tsx';
import { lazyPart } from '../../show/lazy-part.tsx';
import { ListEmpty, ListFailed, ListLoading, NoResult } from '../../show/list-states.tsx';
import { Time } from '../../show/time.tsx';
import { useListKeys } from '../../show/use-list-keys.ts';
import { matchesSearch } from './describe-endpoint.ts';
import { EndpointRow } from './endpoint-row.tsx';
import classes from './endpoints.module.css';

const AddEndpoint = lazyPart(() => import('./add-endpoint.tsx'), 'AddEndpoint');

const STEP_ROWS = 50;

function NoEndpoints({ onAdd }: { readonly onAdd: () => void }) {
  const mayWrite = useMay('webhooks:write');
  return (
    <ListEmpty title="There is no endpoint yet">
      <Text>
        An endpoint is an address of yours that events are posted to, signed, and again until it answers. Add one, send
        it a test event, and watch it arrive.
      </Text>
      {mayWrite ? (
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd}>
          Add endpoint
        </Button>
      ) : (
        <Text size="sm">Your key may only read. Sign in with one that has webhooks:write to add an endpoint.</Text>
      )}
    </ListEmpty>
  );
}

/** How old the figures are that stand in the rows. */
function FiguresAsOf() {
  const { data: stats } = useQuery(statsQuery('24h'));
  return (
    <Text size="sm" component="div" mih="1.6em">
      {stats && (
        <>
          Figures as of <Time at={stats.to} />
        </>
      )}
    </Text>
  );
}

function Rows({ endpoints }: { readonly endpoints: readonly Endpoint[] }) {
  const { data: stats } = useQuery(statsQuery('24h'));
  const [shown, setShown] = useState(STEP_ROWS);
  return (
    <>
      <Stack component="ul" gap="sm" className={classes['list'] ?? ''} aria-label="Endpoints">
        {endpoints.slice(0, shown).map((endpoint) => (
          <EndpointRow key={endpoint.id} endpoint={endpoint} stats={stats} />
        ))}
      </Stack>
      {shown < endpoints.length && (
        <Button variant="default" onClick={() => setShown(shown + STEP_ROWS)}>
          Show more ({endpoints.length - shown})
        </Button>
      )}
    </>
  );
}

function EndpointList({ onAdd }: { readonly onAdd: () => void }) {
  const endpoints = useQuery(endpointsQuery);
  const [search, setSearch] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const step = (by: number): void => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('li a') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    links[at === -1 ? 0 : at + by]?.focus();
  };
  useListKeys({ '/': () => field.current?.focus(), j: () => step(1), k: () => step(-1) });
  if (endpoints.isPending) return <ListLoading />;
  if (!endpoints.data) return <ListFailed error={endpoints.error} onRetry={() => void endpoints.refetch()} />;
  const { rows, more } = endpoints.data;
  if (rows.length === 0) return <NoEndpoints onAdd={onAdd} />;
  const found = rows.filter((endpoint) => matchesSearch(endpoint, search));
  return (
    <Stack ref={list}>
      <Group justify="space-between" gap="xs">
        <TextInput
          ref={field}
          type="search"
          flex="1 1 240px"
          maw={420}
          aria-label="Search by address or description"
          placeholder="Address or description"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <FiguresAsOf />
      </Group>
      {more && <Text size="sm">There are more than these {rows.length}; the newest are shown.</Text>}
      {found.length === 0 ? <NoResult onClear={() => setSearch('')} /> : <Rows endpoints={found} />}
    </Stack>
  );
}

/** Every endpoint with how it fares. */
export function EndpointsPage() {
  const [adding, dialog] = useDisclosure(false);
  return (
    <>
      <EndpointList onAdd={dialog.open} />
      {/* Not in the empty list, which goes away as soon as there is an endpoint, while its secret is yet to be copied. */}
      <LateDialog opened={adding}>{(opened) => <AddEndpoint opened={opened} onClose={dialog.close} />}</LateDialog>
    </>
  );
}
