import { Code, Stack, Table, Text } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NeedsScope } from '../settings/needs-scope.tsx';
import { PageHead } from '../show/page-head.tsx';
import { mayUse, useSession, useViews } from './use-session.ts';
import { type View, viewAt, views } from './views.ts';

/** Stands before every view: one that the key may not see is not begun, so nothing is asked that would be refused. */
export function ScopeGate({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const view = viewAt(path);
  if (!view || view.scope === null || mayUse(session, view.scope)) return children;
  return <ClosedView label={view.label} shows={view.shows} scope={view.scope} />;
}

type Closed = Pick<View, 'label' | 'shows'> & { readonly scope: NonNullable<View['scope']> };

function ClosedView({ label, shows, scope }: Closed) {
  const open = useViews();
  return (
    <Stack maw={720}>
      <PageHead title={label} />
      <NeedsScope scope={scope} what={shows} />
      <Text size="sm">
        Open to it:{' '}
        {open.map((view, index) => (
          <span key={view.to}>
            {index > 0 && ', '}
            <Link to={view.to}>{view.label}</Link>
          </span>
        ))}
        . What the key may do stands in{' '}
        <Link to="/settings" search={{ tab: 'keys' }}>
          Settings
        </Link>
        .
      </Text>
      <Table aria-label="Which scope opens which view" withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">View</Table.Th>
            <Table.Th scope="col">Opened by</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {views.map((view) => (
            <Table.Tr key={view.to}>
              <Table.Td>{view.label}</Table.Td>
              <Table.Td>
                <OpenedBy view={view} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function OpenedBy({ view: { to, scope } }: { readonly view: View }) {
  if (scope !== null) return <Code>{scope}</Code>;
  if (to !== '/settings') return 'any key';
  return (
    <>
      any key; the audit log by <Code>webhooks:read</Code>, usage by <Code>usage:read</Code>
    </>
  );
}
