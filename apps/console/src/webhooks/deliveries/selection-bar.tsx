import { Button, Group, Text } from '@mantine/core';
import { isOpen } from '@posthorn/domain/delivery/delivery-status';
import type { Delivery } from '@posthorn/http-api/delivery';
import { IconBan, IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useContext } from 'react';
import { useMay } from '../../shell/use-session.ts';
import styles from './delivery-list.module.css';
import { type BulkAction, planBulk, recoverableEndpoint } from './plan-bulk.ts';
import { ReplayedContext } from './replayed-context.ts';

interface Bar {
  readonly selected: readonly Delivery[];
  readonly onBulk: (action: BulkAction) => void;
  readonly onClear: () => void;
}

/** What can be done with the deliveries that are selected. */
export function SelectionBar({ selected, onBulk, onClear }: Bar) {
  const mayWrite = useMay('webhooks:write');
  const { ids: replayed } = useContext(ReplayedContext);
  const navigate = useNavigate();
  const endpointId = recoverableEndpoint(selected);
  const openCount = selected.filter(({ status }) => isOpen(status)).length;
  const plan = planBulk('replay', selected, { replayed, againSucceeded: false });
  return (
    <Group gap="xs" role="group" className={styles['selection']} aria-label="Selected deliveries">
      {!mayWrite && (
        <Text size="sm">{selected.length} selected. Your key may not replay: it lacks webhooks:write.</Text>
      )}
      {mayWrite && (
        <Button
          size="xs"
          // The dialog says why none is sent, and offers those that succeeded.
          disabled={openCount === selected.length}
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => onBulk('replay')}
        >
          Recover selected ({plan.ids.length})
        </Button>
      )}
      {mayWrite && openCount > 0 && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBan size={14} aria-hidden />}
          onClick={() => onBulk('cancel')}
        >
          Cancel selected ({openCount})
        </Button>
      )}
      {mayWrite && endpointId !== null && (
        <Button
          size="xs"
          variant="default"
          component="a"
          href={`/webhooks/endpoints/${endpointId}?recover=1`}
          onClick={(event: React.MouseEvent) => {
            event.preventDefault();
            void navigate({ href: `/webhooks/endpoints/${endpointId}?recover=1` });
          }}
        >
          Recover the endpoint
        </Button>
      )}
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear the selection
      </Button>
    </Group>
  );
}
