import type { VerifyFailure } from '@posthorn/wire/verify';
import { type Api, askApi } from './call-api.ts';
import type { SampleReceiver } from './start-receiver.ts';

const DELIVERY_TIMEOUT_MS = 20_000;
const EVENT_TYPE = 'domain.verified';

/** How the proof went: verified, received with a signature that does not hold, or not received in time. */
export type Proof =
  | { outcome: 'verified'; type: string; deliveryId: string }
  | { outcome: 'refused'; reason: VerifyFailure }
  | { outcome: 'missing'; eventId: string };

/** Posts one event as a producer would and waits until the receiver has its webhook. Throws when the API refuses it. */
export async function proveDelivery(api: Api, receiver: SampleReceiver): Promise<Proof> {
  const data = { hostname: 'app.customer.example' };
  const event = { type: EVENT_TYPE, jobId: `demo-${Date.now().toString(36)}`, data };
  const eventId = String((await askApi(api, 'POST', '/v1/events', event))['id']);
  const receipt = await receiver.received(eventId, DELIVERY_TIMEOUT_MS);
  if (receipt === undefined) return { outcome: 'missing', eventId };
  if (!receipt.result.ok) return { outcome: 'refused', reason: receipt.result.reason };
  return { outcome: 'verified', type: EVENT_TYPE, deliveryId: receipt.deliveryId };
}
