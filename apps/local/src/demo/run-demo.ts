import { type Api, askApi } from './call-api.ts';
import { readDemoRecord, writeDemoRecord } from './demo-record.ts';
import { ensureEndpoint } from './ensure-endpoint.ts';
import { ensureTenant } from './ensure-tenant.ts';
import { type Proof, proveDelivery } from './prove-delivery.ts';
import type { SampleReceiver } from './start-receiver.ts';

/** What the demo works with. */
export interface DemoParts {
  dataDir: string;
  operator: Api;
  receiver: SampleReceiver;
  say: (line: string) => void;
}

/**
 * Makes sure of a demo tenant and of an endpoint for the sample receiver, and has one signed webhook delivered to it.
 * Returns the tenant's API key. A delivery that fails is said, not thrown; throws when the API refuses a call.
 */
export async function runDemo(parts: DemoParts): Promise<string> {
  const { dataDir, operator, receiver, say } = parts;
  const tenant = await ensureTenant(operator, readDemoRecord(dataDir));
  const api = { ...operator, key: tenant.apiKey };
  writeDemoRecord(dataDir, tenant);
  let proof = await proveOnce(parts, api);
  // Its secret was rotated in the console: the receiver cannot know the new one.
  if (proof.outcome === 'refused') {
    const { endpointId, signingSecret: _, ...rest } = readDemoRecord(dataDir);
    await askApi(api, 'DELETE', `/v1/webhook-endpoints/${endpointId}`);
    writeDemoRecord(dataDir, rest);
    proof = await proveOnce({ ...parts, receiver }, api);
  }
  say(describe(proof));
  return tenant.apiKey;
}

async function proveOnce({ dataDir, receiver }: DemoParts, api: Api): Promise<Proof> {
  const url = `http://127.0.0.1:${receiver.port}/webhooks`;
  const record = await ensureEndpoint(api, readDemoRecord(dataDir), url);
  writeDemoRecord(dataDir, { ...record, receiverPort: receiver.port });
  receiver.trust(record.signingSecret);
  return proveDelivery(api, receiver);
}

function describe(proof: Proof): string {
  if (proof.outcome === 'verified') {
    return `1 signed webhook delivered and verified: ${proof.type}, ${proof.deliveryId} (X-CD-Timestamp, X-CD-Signature)`;
  }
  const reason =
    proof.outcome === 'refused' ? `its signature did not hold (${proof.reason})` : 'it has not arrived yet';
  return `The first webhook was not verified: ${reason}. The console shows its attempts under Webhooks.`;
}
