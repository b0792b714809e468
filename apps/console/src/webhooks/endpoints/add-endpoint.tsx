import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CreatedEndpoint } from '../../api/endpoints.ts';
import { FirstFocus } from '../../show/first-focus.tsx';
import { Late } from '../../show/late.tsx';
import { lazyPart } from '../../show/lazy-part.tsx';
import { Dialog } from './dialog.tsx';

// The button is on every page of webhooks; what is behind it is loaded when it is pressed.
const AddEndpointForm = lazyPart(() => import('./add-endpoint-form.tsx'), 'AddEndpointForm');
const EndpointAdded = lazyPart(() => import('./endpoint-added.tsx'), 'EndpointAdded');

/** The dialog that makes an endpoint, and then shows its secret once. */
export function AddEndpoint({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  // Its secret is in this state alone, and gone when the dialog closes.
  const [created, setCreated] = useState<CreatedEndpoint | null>(null);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = (): void => {
    onClose();
    setCreated(null);
  };
  const close = (): void => {
    leave();
    if (created) void navigate({ to: '/webhooks/endpoints/$endpointId', params: { endpointId: created.id } });
  };
  const onCreated = (endpoint: CreatedEndpoint): void => {
    setCreated(endpoint);
    void queryClient.invalidateQueries({ queryKey: ['endpoints'] });
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      onLeave={leave}
      title={created ? 'The endpoint is there' : 'Add endpoint'}
      size={created ? 'xl' : 'lg'}
    >
      <Late>
        <FirstFocus key={created ? 'added' : 'form'}>
          {created ? <EndpointAdded endpoint={created} /> : <AddEndpointForm onCreated={onCreated} />}
        </FirstFocus>
      </Late>
    </Dialog>
  );
}
