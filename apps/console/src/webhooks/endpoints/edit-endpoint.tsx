import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconPencil } from '@tabler/icons-react';
import { Late } from '../../show/late.tsx';
import { lazyPart } from '../../show/lazy-part.tsx';
import { Dialog } from './dialog.tsx';

const EditEndpointForm = lazyPart(() => import('./edit-endpoint-form.tsx'), 'EditEndpointForm');

/** Changes what can be said of an endpoint. */
export function EditEndpoint({ endpoint }: { readonly endpoint: Endpoint }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={dialog.open}>
        Edit
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title="Edit the endpoint" size="lg">
        <Late>
          <EditEndpointForm endpoint={endpoint} onClose={dialog.close} />
        </Late>
      </Dialog>
    </>
  );
}
