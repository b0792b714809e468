import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { keepOnly } from './address/keep-only.ts';
import { parseSearch } from './address/parse-search.ts';
import { writeSearch } from './address/write-search.ts';
import { queryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { readEventTypeSearch } from './event-types/event-type-search.ts';
import { readEventFilter } from './events/event-filter.ts';
import { readOverviewSearch } from './overview/overview-search.ts';
import { readSettingsSearch } from './settings/settings-search.ts';
import { Shell } from './shell/shell.tsx';
import { lazyPart } from './show/lazy-part.tsx';
import { NotFound } from './show/not-found.tsx';
import { RouteError } from './show/route-error.tsx';
import { readSignInSearch } from './sign-in/sign-in-search.ts';
import { readSignatureSearch } from './signatures/signature-search.ts';
import { readAttemptFilter } from './webhooks/attempts/attempt-filter.ts';
import { readDeliveryFilter } from './webhooks/deliveries/delivery-filter.ts';
import { readEndpointSearch } from './webhooks/endpoints/endpoint-search.ts';

const root = createRootRoute({ errorComponent: RouteError });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyPart(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
  validateSearch: keepOnly(readSignInSearch),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  errorComponent: RouteError,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.query({ ...sessionQuery, staleTime: 'static' });
    const search = location.href === '/' ? {} : { to: location.href };
    if (!session) redirect({ to: '/sign-in', search, throw: true });
  },
});

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  validateSearch: keepOnly(readOverviewSearch),
  component: lazyPart(() => import('./overview/overview-page.tsx'), 'OverviewPage'),
});

const webhooks = createRoute({
  getParentRoute: () => signedIn,
  path: '/webhooks',
  component: lazyPart(() => import('./webhooks/webhooks-layout.tsx'), 'WebhooksLayout'),
});
/** The list stays while a delivery is open beside it, so the filters are of both. */
const deliveries = createRoute({
  getParentRoute: () => webhooks,
  id: 'deliveries',
  validateSearch: keepOnly(readDeliveryFilter),
  component: lazyPart(() => import('./webhooks/deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
});
const deliveryList = createRoute({ getParentRoute: () => deliveries, path: '/' });
const delivery = createRoute({
  getParentRoute: () => deliveries,
  path: '/deliveries/$deliveryId',
  component: lazyPart(() => import('./webhooks/deliveries/delivery-drawer.tsx'), 'DeliveryDrawer'),
});
const attempts = createRoute({
  getParentRoute: () => webhooks,
  path: '/attempts',
  validateSearch: keepOnly(readAttemptFilter),
  component: lazyPart(() => import('./webhooks/attempts/attempts-page.tsx'), 'AttemptsPage'),
});
const endpoints = createRoute({
  getParentRoute: () => webhooks,
  path: '/endpoints',
  component: lazyPart(() => import('./webhooks/endpoints/endpoints-page.tsx'), 'EndpointsPage'),
});
const endpoint = createRoute({
  getParentRoute: () => webhooks,
  path: '/endpoints/$endpointId',
  validateSearch: keepOnly(readEndpointSearch),
  component: lazyPart(() => import('./webhooks/endpoints/endpoint-page.tsx'), 'EndpointPage'),
});

const events = createRoute({
  getParentRoute: () => signedIn,
  path: '/events',
  validateSearch: keepOnly(readEventFilter),
  component: lazyPart(() => import('./events/events-page.tsx'), 'EventsPage'),
});
const event = createRoute({
  getParentRoute: () => signedIn,
  path: '/events/$eventId',
  component: lazyPart(() => import('./events/event-page.tsx'), 'EventPage'),
});
const eventTypes = createRoute({
  getParentRoute: () => signedIn,
  path: '/event-types',
  validateSearch: keepOnly(readEventTypeSearch),
  component: lazyPart(() => import('./event-types/event-types-page.tsx'), 'EventTypesPage'),
});
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  validateSearch: keepOnly(readSettingsSearch),
  component: lazyPart(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});
const signatures = createRoute({
  getParentRoute: () => signedIn,
  path: '/signatures',
  validateSearch: keepOnly(readSignatureSearch),
  component: lazyPart(() => import('./signatures/signatures-page.tsx'), 'SignaturesPage'),
});

const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([
    overview,
    webhooks.addChildren([deliveries.addChildren([deliveryList, delivery]), endpoints, endpoint, attempts]),
    events,
    event,
    eventTypes,
    settings,
    signatures,
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch: writeSearch,
  search: { strict: true },
  defaultNotFoundComponent: NotFound,
  // Around each view: what stands around it goes on to work.
  defaultErrorComponent: RouteError,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** At the sign-in: it was reached because the session ended. */
    isSessionOver?: boolean;
  }
}
