import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint } from '@posthorn/http-api/endpoint';

/** Why this endpoint got this event, or did not. @param endpoint null: deleted since */
export function explainChoice(
  delivery: Pick<Delivery, 'status' | 'type' | 'last_error' | 'replay_of'>,
  endpoint: Pick<Endpoint, 'events'> | null,
): string {
  const { status, type, last_error, replay_of } = delivery;
  if (status === 'skipped') {
    return `The endpoint wanted this event but did not get it. ${last_error ?? 'The endpoint was disabled when the event came'}.`;
  }
  const again = replay_of === null ? '' : 'The event was sent again on request. ';
  if (!endpoint) return `${again}The endpoint was deleted since.`;
  if (endpoint.events.length === 0) return `${again}The endpoint subscribes to all types.`;
  if (endpoint.events.includes(type)) return `${again}The endpoint subscribes to ${type}.`;
  return `${again}The endpoint does not subscribe to ${type} now: it did when the event came, or this was a test event.`;
}
