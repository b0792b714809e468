import {
  type AskedTransition,
  eventsBetween,
  metersOf,
  planTransition,
} from '@posthorn/domain/lifecycle/plan-transition';
import { newId } from '@posthorn/runtime/new-id';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import { transitionSubject } from '@posthorn/store/engine/transition-subject';
import type { Lifecycle } from '@posthorn/wire/lifecycle';
import type { Deps } from '../deps.ts';
import { noEventsLeft } from '../http/quota-exceeded.ts';
import type { TenantScope } from '../http/resolve-tenant.ts';
import type { Call } from '../routes/define-route.ts';
import { announce } from './accept.ts';
import { judgeEvents, type KnownTypes, typesFor } from './check-events.ts';
import { prepareEdgeEvents } from './prepare-edge-events.ts';
import { prepareRequest } from './prepare-request.ts';

/** A transition that was made, as its answer shows it. */
export interface MadeTransition {
  readonly version: number;
  readonly fired: readonly { readonly id: string; readonly type: string }[];
}

export type TransitionDeps = Pick<Deps, 'database' | 'ringDoorbell' | 'releaseLines' | 'eventsAccepted' | 'upgradeUrl'>;

/** A transition of one subject that was asked for. */
export interface SubjectTransition extends AskedTransition {
  readonly lifecycle: Lifecycle;
  readonly subject: string;
  /** The transition's `data`, an object without insignificant white space. */
  readonly dataText: string;
  /** Of the events that it fires. */
  readonly orderingKey: string | null;
}

/** The events of all results, each pair's other half after its first. */
const eventsOf = (accepted: readonly Accepted[]): MadeTransition['fired'] =>
  accepted.flatMap((result) => {
    if (!('event' in result)) return [];
    const { id, type, firedWith } = result.event;
    return firedWith ? [{ id, type }, firedWith] : [{ id, type }];
  });

/** What the way from `previousState` fires. @throws AppError `invalid` when the data does not fit the events' types */
function requestsFor(
  tenant: TenantScope,
  { lifecycle, subject, to, dataText, orderingKey }: SubjectTransition,
  previousState: string,
  types: KnownTypes,
): EventRequest[] {
  const events = prepareEdgeEvents(eventsBetween(lifecycle, previousState, to), dataText);
  const posted = events.map(({ type, data }) => ({ type, data, aggregateVersion: null, prefix: '' }));
  judgeEvents(tenant, posted, types);
  const asking = { callId: newId(), idempotency: null };
  return events.map((event) =>
    prepareRequest(
      tenant,
      { type: event.type, jobId: subject, dataText: event.dataText, aggregateVersion: null, orderingKey },
      asking,
    ),
  );
}

/**
 * Moves a subject if nobody else was first; what the move fires is stored with it, and the queue is told.
 *
 * @returns `null` when the subject is in another state
 * @throws AppError `invalid` when the data does not fit, `QuotaExceeded` when its events are too many; nothing has moved then
 */
export async function makeTransition(
  tenant: TenantScope,
  asked: SubjectTransition,
  deps: TransitionDeps,
  note: Call['note'],
): Promise<MadeTransition | null> {
  const { lifecycle, subject, to } = asked;
  const plan = planTransition(lifecycle, asked);
  const fired = plan.from.flatMap((source) => eventsBetween(lifecycle, source, to));
  // Looked up before the transaction, which must not wait for another connection.
  const types = await typesFor(
    tenant,
    fired.map(({ type }) => type),
  );
  const result = await transitionSubject(
    deps.database,
    { ...plan, tenantId: tenant.id, lifecycle: lifecycle.name, subject, to },
    ({ previousState, version }) => ({
      events: requestsFor(tenant, asked, previousState, types),
      metered: metersOf(lifecycle, to, version),
    }),
  );
  if (result.kind === 'refused') return null;
  if (result.kind === 'over_quota') throw noEventsLeft(deps.upgradeUrl);
  announce(result.accepted, deps, note);
  return { version: result.moved.version, fired: eventsOf(result.accepted) };
}
