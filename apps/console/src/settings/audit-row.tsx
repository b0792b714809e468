import { Code, Group, Stack, Text } from '@mantine/core';
import type { AuditEntry } from '@posthorn/http-api/audit-log';
import { IconKey, IconRobot, IconUserShield } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../show/copy-button.tsx';
import { ForeignText } from '../show/foreign-text.tsx';
import { ExactTime, Time } from '../show/time.tsx';
import { describeAct } from './describe-act.ts';
import { placeOfObject } from './place-of-object.ts';

const icons = { key: IconKey, operator: IconUserShield, posthorn: IconRobot } as const;

function whoOf({ actor, key_name: name, key_id: id }: AuditEntry): string {
  if (actor === 'posthorn') return 'Posthorn';
  return actor === 'operator' ? 'The operator' : (name ?? id ?? 'A key');
}

function ObjectName({ entry }: { readonly entry: AuditEntry }) {
  const place = placeOfObject(entry);
  const name = (
    <Code style={{ overflowWrap: 'anywhere' }}>
      <ForeignText text={entry.object_id} />
    </Code>
  );
  return place === null ? (
    name
  ) : (
    <Link to={place.to} search={place.search ?? {}}>
      {name}
    </Link>
  );
}

/** Fields that a sentence does not name already. */
const fieldsOf = ({ action, fields }: AuditEntry): readonly string[] => (action.startsWith('update') ? [] : fields);

/** One entry of the audit log: who, what, when, from where, in which request. */
export function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const Icon = icons[entry.actor];
  const fields = fieldsOf(entry);
  return (
    <Group
      component="li"
      align="flex-start"
      wrap="nowrap"
      gap="sm"
      py="sm"
      style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}
    >
      <Icon size={18} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
      <Stack gap={4} miw={0} style={{ flex: 1 }}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <b>
            <ForeignText text={whoOf(entry)} />
          </b>{' '}
          {describeAct(entry)} <ObjectName entry={entry} />
        </Text>
        {fields.length > 0 && (
          <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
            With {fields.join(', ')}
          </Text>
        )}
        <Group gap="xs">
          <Time at={entry.created_at} />
          <ExactTime at={entry.created_at} />
          {entry.address !== null && <Text size="sm">from {entry.address}</Text>}
          {entry.request_id !== null && <CopyButton text={entry.request_id} label="Copy request id" />}
        </Group>
      </Stack>
    </Group>
  );
}
