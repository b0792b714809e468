import { type Api, askApi, callApi } from './call-api.ts';
import type { DemoRecord } from './demo-record.ts';

/** A record that is complete. */
export type EndpointRecord = DemoRecord & { endpointId: string; signingSecret: string };

/**
 * Returns a record whose endpoint exists, is enabled and has the receiver's `url`; where it is gone, makes another.
 * Throws when the API refuses.
 */
export async function ensureEndpoint(api: Api, record: DemoRecord, url: string): Promise<EndpointRecord> {
  const { endpointId, signingSecret } = record;
  if (endpointId !== undefined && signingSecret !== undefined) {
    const path = `/v1/webhook-endpoints/${endpointId}`;
    const { status, body } = await callApi(api, 'GET', path);
    const known = status === 200;
    if (known && (body['url'] !== url || body['status'] !== 'enabled')) {
      await askApi(api, 'PATCH', path, { url, status: 'enabled' });
    }
    if (known) return { ...record, endpointId, signingSecret };
  }
  const wanted = { url, events: [], description: 'The sample receiver that npm start brings' };
  const made = await askApi(api, 'POST', '/v1/webhook-endpoints', wanted);
  return { ...record, endpointId: String(made['id']), signingSecret: String(made['signing_secret']) };
}
