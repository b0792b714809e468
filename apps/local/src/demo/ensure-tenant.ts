import { type Api, askApi, callApi } from './call-api.ts';
import type { DemoRecord } from './demo-record.ts';

const TENANT = { name: 'Demo', profile: 'connect-domain' };

/**
 * Returns a record whose tenant and key the API knows: the given one where it does, else a new one without an endpoint.
 * `operator` is the API with the operator's key. Throws when the API refuses to make a tenant.
 */
export async function ensureTenant(operator: Api, record: DemoRecord): Promise<DemoRecord & { apiKey: string }> {
  const { apiKey } = record;
  if (apiKey !== undefined) {
    const { status } = await callApi({ ...operator, key: apiKey }, 'GET', '/v1/webhook-endpoints?limit=1');
    if (status === 200) return { ...record, apiKey };
  }
  const made = await askApi(operator, 'POST', '/v1/tenants', TENANT);
  const kept = record.receiverPort === undefined ? {} : { receiverPort: record.receiverPort };
  return { ...kept, tenantId: String(made['id']), apiKey: String(made['api_key']) };
}
