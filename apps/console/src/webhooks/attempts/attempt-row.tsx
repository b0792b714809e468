import { Anchor, Group, Text } from '@mantine/core';
import type { ListedAttempt } from '@posthorn/http-api/attempt';
import { Link } from '@tanstack/react-router';
import { ForeignText } from '../../show/foreign-text.tsx';
import { formatSpan } from '../../show/format-time.ts';
import { GridRow } from '../../show/grid-row.tsx';
import { spellInvisible } from '../../show/mark-invisible.ts';
import type { RowPlace } from '../../show/row-grid.tsx';
import { Time } from '../../show/time.tsx';
import { EndpointName } from '../deliveries/endpoint-name.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';

interface Row extends RowPlace {
  readonly attempt: ListedAttempt;
  readonly isNarrow: boolean;
  readonly onOpen: (id: string) => void;
  readonly onActivate: (id: string) => void;
}

/** A row of the list of attempts. */
export function AttemptRow({ attempt, isNarrow, ...row }: Row) {
  return (
    <GridRow id={attempt.id} {...row}>
      {isNarrow ? <NarrowCell attempt={attempt} /> : <WideCells attempt={attempt} />}
    </GridRow>
  );
}

interface Cell {
  readonly attempt: ListedAttempt;
}

/** Enter on its row does the same, so the order of tabs leaves it out. */
function ToDelivery({ attempt: { delivery_id: deliveryId } }: Cell) {
  return (
    <Anchor
      size="xs"
      title={deliveryId}
      tabIndex={-1}
      renderRoot={(props) => <Link to="/webhooks/deliveries/$deliveryId" params={{ deliveryId }} {...props} />}
    >
      {deliveryId}
    </Anchor>
  );
}

function Outcome({ attempt: { outcome, error } }: Cell) {
  return (
    <span title={error === null ? undefined : spellInvisible(error)}>
      <OutcomeBadge outcome={outcome} />
    </span>
  );
}

function WideCells({ attempt }: Cell) {
  return (
    <>
      <td>
        <Time at={attempt.started_at} />
      </td>
      <td>
        <Outcome attempt={attempt} />
      </td>
      <td>{attempt.response_status ?? '–'}</td>
      <td>{formatSpan(attempt.duration_ms)}</td>
      <td>
        <EndpointName id={attempt.endpoint_id} isUrl />
      </td>
      <td>
        <ForeignText text={attempt.type} isTitled />
      </td>
      <td>
        <ToDelivery attempt={attempt} />
      </td>
    </>
  );
}

/** All in one, for a phone's width. */
function NarrowCell({ attempt }: Cell) {
  const { response_status: status, duration_ms: ms } = attempt;
  return (
    <td>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Outcome attempt={attempt} />
        <Time at={attempt.started_at} />
      </Group>
      <Text size="sm" truncate>
        {status !== null && `${status} · `}
        {formatSpan(ms)}
        {' · '}
        <ForeignText text={attempt.type} />
      </Text>
      <Text size="xs" truncate>
        <EndpointName id={attempt.endpoint_id} isUrl />
      </Text>
      <Text size="xs" truncate>
        <ToDelivery attempt={attempt} />
      </Text>
    </td>
  );
}
