import { Anchor, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useNavigate, useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { explainNoReplay } from './explain-no-replay.ts';
import { nameEndpoint } from './name-endpoint.ts';

/** One at a time, however often the key is pressed. */
const ID = 'no-replay';

/**
 * Says why a delivery is not replayed where nothing can be sent to its endpoint, with a link to where that is mended.
 *
 * @returns whether there is such a reason; of an endpoint null: deleted since; undefined: not known
 */
export function useNoReplay(): (endpoint: Endpoint | null | undefined) => boolean {
  const navigate = useNavigate();
  const router = useRouter();
  const linkTo = ({ id, ...endpoint }: Endpoint) => {
    const { href } = router.buildLocation({ to: '/webhooks/endpoints/$endpointId', params: { endpointId: id } });
    const open = (event: MouseEvent): void => {
      event.preventDefault();
      notifications.hide(ID);
      void navigate({ href });
    };
    return (
      <Anchor href={href} size="sm" onClick={open}>
        <bdi>{nameEndpoint(endpoint)}</bdi>
      </Anchor>
    );
  };
  return (endpoint) => {
    const reason = explainNoReplay(endpoint);
    if (reason === null) return false;
    notifications.hide(ID);
    const message = endpoint ? (
      <Text size="sm" span>
        {reason}. {linkTo(endpoint)}
      </Text>
    ) : (
      reason
    );
    notifications.show({ id: ID, color: 'orange', title: 'Not replayed', message });
    return true;
  };
}
