import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useMay } from '../shell/use-session.ts';
import { LateDialog } from '../show/late-dialog.tsx';
import { lazyPart } from '../show/lazy-part.tsx';
import { LinkTabs, tabLinkClass } from '../show/link-tabs.tsx';
import { PageHead } from '../show/page-head.tsx';

const AddEndpoint = lazyPart(() => import('./endpoints/add-endpoint.tsx'), 'AddEndpoint');

/** Deliveries, endpoints and attempts. */
export function WebhooksLayout() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const mayWrite = useMay('webhooks:write');
  const [adding, dialog] = useDisclosure(false);
  const isAt = (tab: string): boolean => path.startsWith(`/webhooks/${tab}`);
  return (
    <>
      <PageHead title="Webhooks">
        {mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add endpoint
          </Button>
        )}
      </PageHead>
      <LateDialog opened={adding}>{(opened) => <AddEndpoint opened={opened} onClose={dialog.close} />}</LateDialog>
      <LinkTabs label="Webhooks">
        <Link
          to="/webhooks"
          activeOptions={{ exact: true, includeSearch: false }}
          className={tabLinkClass}
          aria-current={isAt('endpoints') || isAt('attempts') ? undefined : 'page'}
        >
          Deliveries
        </Link>
        <Link to="/webhooks/endpoints" className={tabLinkClass} aria-current={isAt('endpoints') ? 'page' : undefined}>
          Endpoints
        </Link>
        <Link to="/webhooks/attempts" className={tabLinkClass} aria-current={isAt('attempts') ? 'page' : undefined}>
          Attempts
        </Link>
      </LinkTabs>
      <Outlet />
    </>
  );
}
