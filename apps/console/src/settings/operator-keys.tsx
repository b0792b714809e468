import { Badge, Button, Code, Group, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ApiKey } from '@posthorn/http-api/api-key';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { apiKeysQuery } from '../api/settings.ts';
import { ForeignText } from '../show/foreign-text.tsx';
import { ListEmpty, ListFailed, ListLoading } from '../show/list-states.tsx';
import { spellInvisible } from '../show/mark-invisible.ts';
import { Time } from '../show/time.tsx';
import { useNow } from '../show/use-now.ts';
import { CreateKey } from './create-key.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { useTenantId } from './use-tenant-id.ts';

function Expiry({ at }: { readonly at: string | null }) {
  const now = useNow();
  if (at === null) return 'never';
  if (Date.parse(at) > now) return <Time at={at} />;
  return (
    <Group gap="xs" wrap="nowrap">
      <Time at={at} />
      <Badge color="red" variant="light" tt="none">
        expired
      </Badge>
    </Group>
  );
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: (apiKey: ApiKey) => void }) {
  const { id, name, prefix, scopes } = apiKey;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere', minWidth: 140 }}>
        <Text size="sm" fw={600}>
          <ForeignText text={name} />
        </Text>
        <Link to="/settings" search={{ tab: 'audit', key_id: id }}>
          <Text size="xs" span>
            What it changed
          </Text>
        </Link>
      </Table.Td>
      <Table.Td>
        <Code>{prefix}…</Code>
      </Table.Td>
      <Table.Td>
        <Group gap={4} miw={240}>
          {scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none" fw={500}>
              {scope}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Time at={apiKey.created_at} />
      </Table.Td>
      <Table.Td>{apiKey.last_used_at === null ? 'not yet' : <Time at={apiKey.last_used_at} />}</Table.Td>
      <Table.Td>
        <Expiry at={apiKey.expires_at} />
      </Table.Td>
      <Table.Td>
        <Button
          size="xs"
          variant="default"
          aria-label={`Revoke ${spellInvisible(name)}`}
          onClick={() => onRevoke(apiKey)}
        >
          Revoke
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

const COLUMNS = ['Name', 'Begins with', 'Scopes', 'Created', 'Last used', 'Expires', 'Actions'];

function KeyTable({
  rows,
  onRevoke,
}: {
  readonly rows: readonly ApiKey[];
  readonly onRevoke: (apiKey: ApiKey) => void;
}) {
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing="sm" styles={{ td: { verticalAlign: 'top' } }}>
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((apiKey) => (
            <KeyRow key={apiKey.id} apiKey={apiKey} onRevoke={onRevoke} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The tenant's keys, which the operator makes and revokes. */
export function OperatorKeys() {
  const tenantId = useTenantId();
  const keys = useQuery(apiKeysQuery(tenantId));
  const [creating, dialog] = useDisclosure(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  if (keys.isPending) return <ListLoading />;
  if (keys.error) return <ListFailed error={keys.error} onRetry={() => void keys.refetch()} />;
  const { rows, more } = keys.data;
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" maw={640}>
          Keys sign in to this console and to the API. A key is shown once, when it is made; only a digest of it is
          kept.
        </Text>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
          Create key
        </Button>
      </Group>
      {rows.length === 0 ? (
        <ListEmpty title="This tenant has no key">
          <Text>Nobody can post events or sign in for it. Create a key and hand it over.</Text>
        </ListEmpty>
      ) : (
        <KeyTable rows={rows} onRevoke={setRevoking} />
      )}
      {more && <Text size="sm">Only the newest {rows.length} are shown; the API lists all.</Text>}
      <CreateKey opened={creating} onClose={dialog.close} tenantId={tenantId} />
      <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} tenantId={tenantId} />
    </Stack>
  );
}
