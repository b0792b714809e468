import { attemptRoutes } from './attempts/attempt-routes.ts';
import { auditRoutes } from './audit-log/audit-routes.ts';
import type { Route } from './define-route.ts';
import { eventTypeRoutes } from './event-types/event-type-routes.ts';
import { eventRoutes } from './events/event-routes.ts';
import { overviewRoutes } from './health/overview-routes.ts';
import { lifecycleRoutes } from './lifecycles/lifecycle-routes.ts';
import { profileRoutes } from './profiles/profile-routes.ts';
import { recoveryRoutes } from './recoveries/recovery-routes.ts';
import { sessionRoutes } from './session/session-routes.ts';
import { signatureCheckRoutes } from './signature-checks/signature-check-routes.ts';
import { statsRoutes } from './stats/stats-routes.ts';
import { tenantRoutes } from './tenants/tenant-routes.ts';
import { deliveryRoutes } from './webhook-deliveries/delivery-routes.ts';
import { endpointRoutes } from './webhook-endpoints/endpoint-routes.ts';

/** Every route of the API. Registration, scope checks, the OpenAPI document and the tests are made from this table. */
export const routeTable: readonly Route[] = [
  // Looked at in this order for each request: what comes most often comes first.
  ...eventRoutes,
  ...tenantRoutes,
  ...endpointRoutes,
  ...eventTypeRoutes,
  ...deliveryRoutes,
  ...attemptRoutes,
  ...recoveryRoutes,
  ...lifecycleRoutes,
  ...profileRoutes,
  ...auditRoutes,
  ...sessionRoutes,
  ...statsRoutes,
  ...signatureCheckRoutes,
  ...overviewRoutes,
];
