import type { SystemTenant } from '@posthorn/testkit/start-system';

const BATCH_EVENTS = 100;

/** The endpoint as it was made. */
export interface QueuedEndpoint {
  readonly id: string;
  readonly signing_secret: string;
}

/** Makes an endpoint and posts that many events for it, whole batches. */
export async function queueUp(tenant: SystemTenant, url: string, count: number): Promise<QueuedEndpoint> {
  await tenant.expect('PUT', '/v1/event-types/domain.verified', { description: 'A domain' });
  const endpoint = await tenant.expect<QueuedEndpoint>('POST', '/v1/webhook-endpoints', { url, events: [] });
  for (let from = 0; from < count; from += BATCH_EVENTS) {
    const events = Array.from({ length: BATCH_EVENTS }, (_, index) => ({
      type: 'domain.verified',
      data: { index: from + index },
    }));
    await tenant.expect('POST', '/v1/events/batch', { events });
  }
  return endpoint;
}
