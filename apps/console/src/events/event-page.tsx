import { Alert, Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { endpointsQuery } from '../api/endpoints.ts';
import { eventDeliveriesQuery } from '../api/event-deliveries.ts';
import { type EventDetail, eventQuery } from '../api/events.ts';
import { isMissing } from '../api/is-missing.ts';
import { CopyButton } from '../show/copy-button.tsx';
import { ForeignText } from '../show/foreign-text.tsx';
import { ListEmpty, ListFailed, ListLoading } from '../show/list-states.tsx';
import { PageHead } from '../show/page-head.tsx';
import { ExactTime, Time } from '../show/time.tsx';
import styles from './event-page.module.css';
import { explainFanOut } from './explain-fan-out.ts';
import { FanOutList } from './fan-out-list.tsx';
import { Payload } from './payload.tsx';

/** One event: what it is, what is sent, who got it and who did not. */
export function EventPage() {
  const { eventId } = useParams({ from: '/signed-in/events/$eventId' });
  const event = useQuery(eventQuery(eventId));
  return (
    <>
      <Anchor size="sm" renderRoot={(props) => <Link to="/events" {...props} />}>
        <IconArrowLeft size={14} aria-hidden /> All events
      </Anchor>
      <PageHead title={event.data?.type ?? 'Event'}>
        {event.data && (
          <Button
            variant="default"
            size="xs"
            renderRoot={(props) => <Link to="/webhooks" search={{ event_id: eventId }} {...props} />}
          >
            Show in the list of deliveries
          </Button>
        )}
      </PageHead>
      {event.data ? (
        <Stack gap="xl">
          <Facts event={event.data} />
          <FanOut event={event.data} />
          <Payload text={event.data.payload} />
        </Stack>
      ) : isMissing(event.error) ? (
        <ListEmpty title="There is no such event">
          <Text>
            Nothing of this tenant has the id <code className={styles['url']}>{eventId}</code>. Old events are pruned,
            and others belong to another tenant.
          </Text>
          <Anchor underline="always" renderRoot={(props) => <Link {...props} to="/events" />}>
            To the list
          </Anchor>
        </ListEmpty>
      ) : event.error ? (
        <ListFailed error={event.error} onRetry={() => void event.refetch()} />
      ) : (
        <ListLoading />
      )}
    </>
  );
}

function Facts({
  event: { id, type, jobId, sent_at: at, aggregate_version: version, ordering_key: key, fired_with: others = [] },
}: {
  readonly event: EventDetail;
}) {
  return (
    <Stack gap="sm" align="flex-start" component="section" aria-label="Facts">
      <dl className={styles['facts']}>
        <dt>Id</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>Type</dt>
        <dd>
          <Anchor size="sm" renderRoot={(props) => <Link to="/event-types" search={{ type }} {...props} />}>
            <ForeignText text={type} />
          </Anchor>
        </dd>
        <dt>jobId</dt>
        <dd>
          {jobId === null ? (
            '–'
          ) : (
            <Anchor size="sm" renderRoot={(props) => <Link to="/events" search={{ jobId }} {...props} />}>
              <ForeignText text={jobId} />
            </Anchor>
          )}
        </dd>
        <dt>Accepted</dt>
        <dd>
          <ExactTime at={at} /> (<Time at={at} />)
        </dd>
        {version !== undefined && <Fact name="Version">{version}</Fact>}
        {key !== undefined && (
          <Fact name="Ordering key">
            <ForeignText text={key} />
          </Fact>
        )}
        {others.map((other) => (
          <Fact key={other.id} name="Fired with">
            <Anchor
              size="sm"
              renderRoot={(props) => <Link to="/events/$eventId" params={{ eventId: other.id }} {...props} />}
            >
              {other.type}
            </Anchor>
          </Fact>
        ))}
      </dl>
      <CopyButton text={id} label="Copy id" />
    </Stack>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function FanOut({ event }: { readonly event: EventDetail }) {
  const deliveries = useQuery(eventDeliveriesQuery(event.id));
  const endpoints = useQuery(endpointsQuery);
  const lines = useMemo(
    () => (deliveries.data && endpoints.data ? explainFanOut(event, endpoints.data.rows, deliveries.data.rows) : null),
    [event, endpoints.data, deliveries.data],
  );
  const failed = [deliveries, endpoints].find(({ error, data }) => error && !data);
  if (failed?.error) return <ListFailed error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!lines || !deliveries.data) return <ListLoading />;
  const more = deliveries.data.more || endpoints.data?.more === true;
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        Who got it, and why
      </Title>
      {more && (
        <Alert color="yellow" mb="xs">
          There are more than 1,000 deliveries or endpoints; the newest are shown.
        </Alert>
      )}
      {lines.length === 0 ? (
        <Text size="sm">
          There is no endpoint. <Link to="/webhooks/endpoints">Add one</Link> to have events delivered.
        </Text>
      ) : (
        <FanOutList lines={lines} />
      )}
    </section>
  );
}
