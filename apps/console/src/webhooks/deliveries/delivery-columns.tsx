import { Checkbox, Group, Text } from '@mantine/core';
import type { Delivery } from '@posthorn/http-api/delivery';
import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import { ForeignText } from '../../show/foreign-text.tsx';
import { spellInvisible } from '../../show/mark-invisible.ts';
import { StatusBadge } from '../../show/status-badge.tsx';
import { Time } from '../../show/time.tsx';
import { Countdown } from './countdown.tsx';
import { DeliveryLink } from './delivery-link.tsx';
import { EndpointName } from './endpoint-name.tsx';
import { shortResult } from './explain-attempt.ts';
import { ReplayedNote } from './replayed-note.tsx';
import { useSelectionControl } from './selection-context.ts';

export const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Delivery>();

function SelectAll() {
  const { all, toggleAll } = useSelectionControl();
  return (
    <Checkbox
      size="xs"
      aria-label="Select all loaded"
      checked={all === 'all'}
      indeterminate={all === 'some'}
      onChange={toggleAll}
    />
  );
}

function SelectOne({ delivery }: { readonly delivery: Delivery }) {
  const { isSelected, toggle } = useSelectionControl();
  const checked = isSelected(delivery.id);
  return (
    <Checkbox
      size="xs"
      tabIndex={-1}
      aria-label={spellInvisible(`Select ${delivery.type} ${delivery.jobId ?? delivery.id}`)}
      checked={checked}
      onChange={({ nativeEvent }) => toggle(delivery.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
    />
  );
}

function LastResponse({ delivery }: { readonly delivery: Delivery }) {
  const result = shortResult(delivery.last_response_status, delivery.last_error);
  return (
    <span title={delivery.last_error === null ? undefined : spellInvisible(delivery.last_error)}>
      <ForeignText text={result ?? '–'} />
    </span>
  );
}

/** @param none said where there is no further attempt */
function NextRetry({
  delivery: { held, next_retry_at },
  none,
}: {
  readonly delivery: Delivery;
  readonly none: string;
}) {
  if (held) return <span title="Waits for an earlier delivery with its ordering key">held</span>;
  return next_retry_at === null ? none : <Countdown at={next_retry_at} />;
}

const select = helper.display({
  id: 'select',
  header: () => <SelectAll />,
  cell: ({ row }) => <SelectOne delivery={row.original} />,
});

/** Every column on its own, for screens with room. */
export const wideColumns = helper.columns([
  select,
  helper.accessor('status', { header: 'Status', cell: ({ row }) => <StatusBadge status={row.original.status} /> }),
  helper.accessor('type', {
    header: 'Type',
    cell: ({ row }) => (
      <Group gap={6} wrap="nowrap">
        <Text inherit truncate miw={0}>
          <DeliveryLink id={row.original.id}>
            <ForeignText text={row.original.type} />
          </DeliveryLink>
        </Text>
        <ReplayedNote id={row.original.id} />
      </Group>
    ),
  }),
  helper.accessor('endpoint_id', {
    header: 'Endpoint',
    cell: ({ row }) => <EndpointName id={row.original.endpoint_id} />,
  }),
  helper.accessor('jobId', {
    header: 'jobId',
    cell: ({ row }) => <>{row.original.jobId === null ? '–' : <ForeignText text={row.original.jobId} isTitled />}</>,
  }),
  helper.accessor('attempts', { header: 'Attempts' }),
  helper.display({
    id: 'response',
    header: 'Last response',
    cell: ({ row }) => <LastResponse delivery={row.original} />,
  }),
  helper.accessor('next_retry_at', {
    header: 'Next retry',
    cell: ({ row }) => <NextRetry delivery={row.original} none="–" />,
  }),
  helper.accessor('created_at', { header: 'Created', cell: ({ row }) => <Time at={row.original.created_at} /> }),
]);

function Summary({ delivery }: { readonly delivery: Delivery }) {
  const result = shortResult(delivery.last_response_status, delivery.last_error);
  const said = [result, delivery.attempts === 1 ? '1 attempt' : `${delivery.attempts} attempts`]
    .filter(Boolean)
    .join(' · ');
  return (
    <>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Group gap="xs" wrap="nowrap">
          <StatusBadge status={delivery.status} />
          <ReplayedNote id={delivery.id} />
        </Group>
        <Time at={delivery.created_at} />
      </Group>
      <Text size="sm" truncate>
        <DeliveryLink id={delivery.id}>
          <ForeignText text={delivery.type} />
        </DeliveryLink>
        {delivery.jobId !== null && (
          <>
            {' · '}
            <ForeignText text={delivery.jobId} />
          </>
        )}
      </Text>
      <Text size="xs" truncate>
        <EndpointName id={delivery.endpoint_id} />
      </Text>
      <Text size="xs" truncate>
        <ForeignText text={said} />
        {(delivery.held || delivery.next_retry_at !== null) && (
          <>
            {' · '}
            <NextRetry delivery={delivery} none="" />
          </>
        )}
      </Text>
    </>
  );
}

/** All in one, for a phone's width. */
export const narrowColumns = helper.columns([
  select,
  helper.display({ id: 'delivery', header: 'Delivery', cell: ({ row }) => <Summary delivery={row.original} /> }),
]);
