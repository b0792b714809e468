import type { Diagnosis } from '@posthorn/domain/signature/diagnose-signature';
import type { Attempt } from '@posthorn/http-api/attempt';
import type { Delivery } from '@posthorn/http-api/delivery';
import { call, type Page, read } from './client.ts';
import { pathOfId } from './path-of-id.ts';

/** What a receiver got. Either `secret` or `endpoint_id` is given. */
export interface SignatureQuestion {
  readonly headers: string;
  readonly body: string;
  readonly secret?: string;
  readonly endpoint_id?: string;
  /** When it arrived, RFC 3339; missing: now. */
  readonly now?: string;
}

export const checkSignature = (question: SignatureQuestion) =>
  call<Diagnosis>('POST', '/v1/signature-checks', question);

/** The request of a delivery's last attempt, as far as it is on record: signatures are masked. */
export interface RecordedRequest {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly payload: string;
  /** `null`: there was no attempt, or none that got as far as sending. */
  readonly attempt: Attempt | null;
}

type Detail = Delivery & { readonly payload: string; readonly attempt_log: readonly Attempt[] };

export async function readRecordedRequest(deliveryId: string): Promise<RecordedRequest> {
  const { id, endpoint_id, payload, attempt_log } = await read<Detail>(
    pathOfId('/v1/webhook-deliveries', 'delivery', deliveryId),
  );
  const attempt = attempt_log.findLast(({ request_headers }) => request_headers !== null) ?? null;
  return { deliveryId: id, endpointId: endpoint_id, payload, attempt };
}

/** The newest delivery, where there is one. */
export async function readNewestDeliveryId(): Promise<string | null> {
  const { data } = await read<Page<Delivery>>('/v1/webhook-deliveries', { limit: 1 });
  return data[0]?.id ?? null;
}
