import { Badge, Group, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconAlertTriangle, IconBan, IconCheck } from '@tabler/icons-react';
import { describeDisabling, disablingReason } from './describe-endpoint.ts';

function lookOf({ status, disabled_by }: Endpoint) {
  if (status === 'enabled') return { color: 'green', Icon: IconCheck };
  return disabled_by === 'failures' ? { color: 'red', Icon: IconAlertTriangle } : { color: 'orange', Icon: IconBan };
}

/** Whether an endpoint is enabled; when not, who disabled it and why. */
export function EndpointStatus({ endpoint }: { readonly endpoint: Endpoint }) {
  const { color, Icon } = lookOf(endpoint);
  const disabling = describeDisabling(endpoint);
  const reason = disablingReason(endpoint);
  return (
    <Group gap="xs" wrap="wrap">
      <Badge color={color} variant="light" tt="none" leftSection={<Icon size={12} aria-hidden />}>
        {endpoint.status}
      </Badge>
      {disabling !== null && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {disabling}
          {reason !== null && `: ${reason}`}
        </Text>
      )}
    </Group>
  );
}
