import { Anchor, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { endpointQuery } from '../../api/endpoints.ts';
import { isMissing } from '../../api/is-missing.ts';
import { useMay } from '../../shell/use-session.ts';
import { ForeignText } from '../../show/foreign-text.tsx';
import { ListEmpty, ListFailed, ListLoading } from '../../show/list-states.tsx';
import { DeleteEndpoint } from './delete-endpoint.tsx';
import { DisabledNotice } from './disabled-notice.tsx';
import { EditEndpoint } from './edit-endpoint.tsx';
import { EnableDisable } from './enable-disable.tsx';
import { EndpointConfiguration } from './endpoint-configuration.tsx';
import { EndpointHealth } from './endpoint-health.tsx';
import { EndpointCertificates, EndpointSigning } from './endpoint-keys.tsx';
import { EndpointStatus } from './endpoint-status.tsx';
import classes from './endpoints.module.css';
import { LatestDeliveries } from './latest-deliveries.tsx';
import { Recover } from './recover.tsx';
import { RotateSecret } from './rotate-secret.tsx';
import { SendTest } from './send-test.tsx';

function Head({ endpoint, mayWrite }: { readonly endpoint: Endpoint; readonly mayWrite: boolean }) {
  return (
    <Stack gap="sm" mb="md">
      <Title order={2} size="h4" dir="ltr" className={classes['head'] ?? ''}>
        <ForeignText text={endpoint.url} />
      </Title>
      {endpoint.description !== '' && (
        <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
          <ForeignText text={endpoint.description} />
        </Text>
      )}
      {endpoint.status === 'enabled' && <EndpointStatus endpoint={endpoint} />}
      {mayWrite ? (
        <Group gap="xs">
          <SendTest endpoint={endpoint} />
          <Recover endpoint={endpoint} />
          <RotateSecret endpoint={endpoint} />
          <EditEndpoint endpoint={endpoint} />
          <EnableDisable endpoint={endpoint} />
          <DeleteEndpoint endpoint={endpoint} />
        </Group>
      ) : (
        <Text size="sm">Your key may only read. Changes need one that has webhooks:write.</Text>
      )}
    </Stack>
  );
}

function NoSuchEndpoint() {
  return (
    <ListEmpty title="There is no such endpoint">
      <Text size="sm">It was deleted, or it belongs to another tenant. Its deliveries stay on record.</Text>
      <Anchor underline="always" renderRoot={(props) => <Link {...props} to="/webhooks/endpoints" />}>
        To the list
      </Anchor>
    </ListEmpty>
  );
}

/** One endpoint: how it fares, what was sent to it, and what can be done with it. */
export function EndpointPage() {
  const { endpointId } = useParams({ from: '/signed-in/webhooks/endpoints/$endpointId' });
  const mayWrite = useMay('webhooks:write');
  const query = useQuery(endpointQuery(endpointId));
  if (query.isPending) return <ListLoading />;
  const { data: endpoint, error } = query;
  if (isMissing(error)) return <NoSuchEndpoint />;
  if (!endpoint) return <ListFailed error={error ?? new Error('Nothing came')} onRetry={() => void query.refetch()} />;
  return (
    <div key={endpoint.id}>
      <Head endpoint={endpoint} mayWrite={mayWrite} />
      {endpoint.status === 'disabled' && <DisabledNotice endpoint={endpoint} mayWrite={mayWrite} />}
      <Stack>
        <EndpointHealth endpoint={endpoint} />
        <LatestDeliveries endpointId={endpoint.id} />
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <EndpointConfiguration endpoint={endpoint} />
          <EndpointSigning endpoint={endpoint} />
        </SimpleGrid>
        <EndpointCertificates endpoint={endpoint} />
      </Stack>
    </div>
  );
}
