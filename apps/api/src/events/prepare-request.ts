import { encodeTypeId } from '@posthorn/domain/type-id';
import { uuidMoment } from '@posthorn/domain/uuid-time';
import { newId } from '@posthorn/runtime/new-id';
import type { EventRequest, NewEvent, Probe } from '@posthorn/store/engine/event-request';
import { buildEnvelope } from '@posthorn/wire/build-envelope';
import type { Profile } from '@posthorn/wire/profile';
import type { TenantScope } from '../http/resolve-tenant.ts';

/** An event that was asked for and found valid. */
export interface AskedEvent {
  readonly type: string;
  readonly jobId: string | null;
  /** The text of `data`, which is sent as it stands. */
  readonly dataText: string;
  readonly aggregateVersion: number | null;
  readonly orderingKey?: string | null;
}

type Who = Pick<TenantScope, 'id' | 'profile' | 'profileId' | 'limited' | 'under'>;

/** What a request is made from besides its event. */
export interface Asking {
  /** Names the API call, so that one call is metered once. */
  readonly callId: string;
  readonly idempotency: EventRequest['idempotency'];
}

function newEvent(
  { id: tenantId, profile, profileId }: Who,
  id: string,
  asked: AskedEvent,
  firedWith: string | null,
): NewEvent {
  const createdAt = uuidMoment(id);
  const { type, jobId, dataText, aggregateVersion, orderingKey = null } = asked;
  const source = { id: encodeTypeId('event', id), type, jobId, dataText, aggregateVersion, createdAt };
  const payload = buildEnvelope(profile, source);
  return {
    id,
    tenantId,
    type,
    jobId,
    payload,
    profile: profile.name,
    profileId,
    timeoutMs: profile.timeoutMs,
    aggregateVersion,
    createdAt,
    attemptLimit: profile.attempts,
    firedWith,
    onlyEndpointId: null,
    orderingKey,
  };
}

/** The type that always fires with this one, if it is half of the profile's pair. */
export function otherHalf({ pair }: Profile, type: string): string | null {
  if (!pair?.types.includes(type)) return null;
  return pair.types.find((candidate) => candidate !== type) ?? null;
}

const pairNames = new WeakMap<object, string>();

/** Names a profile's pair, whichever half stands first. */
function pairOf({ pair }: Profile): string {
  if (!pair) return '';
  const name = pairNames.get(pair) ?? [...pair.types].sort().join(' ');
  pairNames.set(pair, name);
  return name;
}

/** Makes what is stored from what was asked: the bytes to send, and for half of a pair the other half too. */
export function prepareRequest(tenant: Who, asked: AskedEvent, asking: Asking): EventRequest {
  const { profile, limited, under } = tenant;
  const { callId, idempotency } = asking;
  const id = newId();
  const pair = pairOf(profile);
  const endsPairOf = asked.type === profile.pair?.endedBy ? asked.jobId : null;
  const other = otherHalf(profile, asked.type);
  if (other === null) {
    const events = [newEvent(tenant, id, asked, null)] as const;
    return { callId, idempotency, limited, under, events, pair, firesPairFor: null, endsPairOf };
  }
  const otherId = newId();
  const events = [
    newEvent(tenant, id, asked, otherId),
    newEvent(tenant, otherId, { ...asked, type: other }, id),
  ] as const;
  return { callId, idempotency, limited, under, events, pair, firesPairFor: asked.jobId, endsPairOf };
}

/** A test: one event for one endpoint, outside of pairs. */
export function prepareTest(tenant: Who, endpointId: string, asked: AskedEvent, callId: string): EventRequest {
  const event = { ...newEvent(tenant, newId(), asked, null), onlyEndpointId: endpointId };
  return {
    limited: tenant.limited,
    under: tenant.under,
    events: [event],
    callId,
    idempotency: null,
    pair: '',
    firesPairFor: null,
    endsPairOf: null,
  };
}

/** A probe: a test of one attempt, which a disabled endpoint gets too. */
export function prepareProbe(
  tenant: Who,
  probe: Probe,
  endpointId: string,
  asked: AskedEvent,
  callId: string,
): EventRequest {
  const request = prepareTest(tenant, endpointId, asked, callId);
  return { ...request, events: [{ ...request.events[0], attemptLimit: 1, probe }] };
}
