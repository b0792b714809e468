import type { Delivery } from '@posthorn/http-api/delivery';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Event } from '@posthorn/http-api/event';
import { groupBy } from '../show/group-by.ts';

/** What became of an event at one endpoint. */
export type FanOutOutcome =
  | 'delivered'
  | 'under_way'
  | 'failed'
  | 'cancelled'
  | 'skipped'
  | 'not_subscribed'
  | 'registered_later'
  | 'not_made';

export interface FanOutLine {
  readonly endpointId: string;
  /** `null`: the endpoint was deleted since. */
  readonly url: string | null;
  readonly outcome: FanOutOutcome;
  readonly sentence: string;
  /** The delivery that the sentence is about; `null`: there is none. */
  readonly delivery: Delivery | null;
  /** Every other one of this endpoint, newest first: replays, and what they repeat. */
  readonly others: readonly Delivery[];
}

type Explained = Pick<FanOutLine, 'outcome' | 'sentence'>;
type Subscriber = Pick<Endpoint, 'id' | 'url' | 'events' | 'status' | 'created_at'>;

const MAX_NAMED_TYPES = 8;

function nameTypes(types: readonly string[]): string {
  const named = types.slice(0, MAX_NAMED_TYPES).join(', ');
  return types.length > MAX_NAMED_TYPES ? `${named} and ${types.length - MAX_NAMED_TYPES} more` : named;
}

const counted = (attempts: number): string => (attempts === 1 ? '1 attempt' : `${attempts} attempts`);
const because = (error: string | null): string => (error ? ` ${error.replace(/\.$/, '')}.` : '');

/** What a delivery's state says of its event. */
function explainDelivery(delivery: Delivery): Explained {
  const { status, attempts, last_error: error, last_response_status: code, replay_of: replayOf } = delivery;
  const how = replayOf ? ' by a replay' : '';
  switch (status) {
    case 'succeeded':
      return {
        outcome: 'delivered',
        sentence: `Delivered${how}: it answered ${code ?? '2xx'} at attempt ${attempts}.`,
      };
    case 'pending':
      return { outcome: 'under_way', sentence: 'Not attempted yet: it is waiting for its turn.' };
    case 'retrying':
      return {
        outcome: 'under_way',
        sentence: `Not delivered yet: ${counted(attempts)} failed, the next is planned.${because(error)}`,
      };
    case 'failed':
      return {
        outcome: 'failed',
        sentence: `Not delivered: given up after ${counted(attempts)}.${because(error)}`,
      };
    case 'cancelled':
      return { outcome: 'cancelled', sentence: `Not delivered: cancelled.${because(error)}` };
    case 'skipped':
      return {
        outcome: 'skipped',
        sentence: `Skipped.${because(error ?? 'The endpoint was disabled when the event came')}`,
      };
  }
}

/** Why an endpoint has no delivery of an event. */
function explainAbsence(event: Pick<Event, 'type' | 'sent_at'>, endpoint: Subscriber): Explained {
  if (Date.parse(endpoint.created_at) > Date.parse(event.sent_at)) {
    return { outcome: 'registered_later', sentence: 'Not sent: the endpoint was registered after the event.' };
  }
  if (endpoint.events.length > 0 && !endpoint.events.includes(event.type)) {
    return {
      outcome: 'not_subscribed',
      sentence: `Not sent: it is not subscribed to ${event.type}. It takes ${nameTypes(endpoint.events)}.`,
    };
  }
  return {
    outcome: 'not_made',
    sentence:
      'Not sent: it takes this type now, so either it subscribed after the event, or the event was a test of another endpoint.',
  };
}

/** Of what an endpoint got, the one that says most: one that succeeded, else the newest. @param deliveries newest first */
const telling = (deliveries: readonly Delivery[]): Delivery | undefined =>
  deliveries.find(({ status }) => status === 'succeeded') ?? deliveries[0];

/**
 * Which endpoints got an event, which did not, and why: those with a delivery first. Subscriptions are known as they are now
 * alone, and the sentences claim no more.
 *
 * @param deliveries of the event, newest first, replays included
 */
export function explainFanOut(
  event: Pick<Event, 'type' | 'sent_at'>,
  endpoints: readonly Subscriber[],
  deliveries: readonly Delivery[],
): readonly FanOutLine[] {
  const byEndpoint = groupBy(deliveries, ({ endpoint_id: id }) => id);
  const urls = new Map(endpoints.map(({ id, url }) => [id, url]));
  const sent = [...byEndpoint].flatMap(([endpointId, own]) => {
    const delivery = telling(own);
    if (!delivery) return [];
    const others = own.filter(({ id }) => id !== delivery.id);
    return [{ endpointId, url: urls.get(endpointId) ?? null, delivery, others, ...explainDelivery(delivery) }];
  });
  const absent = endpoints
    .filter(({ id }) => !byEndpoint.has(id))
    .map((endpoint) => ({
      endpointId: endpoint.id,
      url: endpoint.url,
      delivery: null,
      others: [],
      ...explainAbsence(event, endpoint),
    }));
  return [...sent, ...absent];
}
