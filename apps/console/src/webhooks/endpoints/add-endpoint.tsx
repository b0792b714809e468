import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CreatedEndpoint } from '../../api/endpoints.ts';
import { Late } from '../../show/late.tsx';
import { lazyPart } from '../../show/lazy-part.tsx';
import { Dialog } from './dialog.tsx';
import { useCopyGuard } from './use-copy-guard.ts';

// The button is on every page of webhooks; what is behind it is loaded when it is pressed.
const AddEndpointForm = lazyPart(() => import('./add-endpoint-form.tsx'), 'AddEndpointForm');
const EndpointAdded = lazyPart(() => import('./endpoint-added.tsx'), 'EndpointAdded');

/** The dialog that makes an endpoint, and then shows its secret once. */
export function AddEndpoint({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  // Its secret is in this state alone, and gone when the dialog closes.
  const [created, setCreated] = useState<CreatedEndpoint | null>(null);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const guard = useCopyGuard(created !== null && created.signing_secret !== null, () => {
    const id = created?.id;
    onClose();
    setCreated(null);
    guard.forget();
    if (id !== undefined) void navigate({ to: '/webhooks/endpoints/$endpointId', params: { endpointId: id } });
  });
  const onCreated = (endpoint: CreatedEndpoint): void => {
    setCreated(endpoint);
    void queryClient.invalidateQueries({ queryKey: ['endpoints'] });
  };
  return (
    <Dialog
      opened={opened}
      onClose={guard.close}
      title={created ? 'The endpoint is there' : 'Add endpoint'}
      size={created ? 'xl' : 'lg'}
    >
      <Late>
        {created ? <EndpointAdded endpoint={created} guard={guard} /> : <AddEndpointForm onCreated={onCreated} />}
      </Late>
    </Dialog>
  );
}
