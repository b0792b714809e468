import {
  type AskedTransition,
  eventsBetween,
  metersOf,
  planTransition,
} from '@posthorn/domain/lifecycle/plan-transition';
import { splitObject } from '@posthorn/domain/raw-json/split-json';
import { encodeTypeId } from '@posthorn/domain/type-id';
import type { PostTransition } from '@posthorn/http-api/lifecycle';
import { newId } from '@posthorn/runtime/new-id';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import { transitionSubject } from '@posthorn/store/engine/transition-subject';
import { findSubject } from '@posthorn/store/tenant/find-subject';
import type { Lifecycle } from '@posthorn/wire/lifecycle';
import type { Deps } from '../../deps.ts';
import { announce } from '../../events/accept.ts';
import { judgeEvents, typesFor } from '../../events/check-events.ts';
import { prepareEdgeEvents } from '../../events/prepare-edge-events.ts';
import { prepareRequest } from '../../events/prepare-request.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { type AppError, conflict, invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { findLifecycle } from './find-lifecycle.ts';

type TransitionDeps = Pick<Deps, 'database' | 'ringDoorbell' | 'log' | 'eventsAccepted'>;
type TransitionCall = Call<TenantScope, undefined, PostTransition>;

function checkStates({ states }: Lifecycle, { from, to }: AskedTransition): void {
  const message = `must be one of the states ${states.join(', ')}`;
  const unknown = (state: string | undefined): boolean => state !== undefined && !states.includes(state);
  const problems = [
    ...(unknown(to) ? [{ path: 'to', message }] : []),
    ...(unknown(from) ? [{ path: 'from', message }] : []),
  ];
  if (problems.length > 0) throw invalid(...problems);
}

/** Says where the subject stands: another actor was first, or the lifecycle knows no such way. */
async function lost({ tenant, params }: TransitionCall, lifecycle: Lifecycle, to: string): Promise<AppError> {
  const [start] = lifecycle.states;
  const { state, version } = (await findSubject(tenant.database, lifecycle.name, params.subject)) ?? {
    state: start,
    version: 0,
  };
  const begun = version === 0 ? ' and has made no transition' : '';
  const ways = lifecycle.edges.filter((edge) => edge.from === state).map((edge) => edge.to);
  const detail = `The subject is ${state}${begun}; from there it cannot go to ${to}, but to ${ways.join(', ') || 'nowhere'}.`;
  return conflict(detail, { state, version });
}

const firedBy = (accepted: readonly Accepted[]) =>
  accepted.flatMap((result) => {
    if (result.kind === 'key_conflict') return [];
    const { id, type, firedWith } = result.event;
    const events = firedWith ? [{ id, type }, firedWith] : [{ id, type }];
    return events.map((event) => ({ id: encodeTypeId('event', event.id), type: event.type }));
  });

/** `POST /v1/lifecycles/{lifecycle}/{subject}/transitions`: one actor wins; its events, usage and state commit together. */
export async function postTransition(call: TransitionCall, deps: TransitionDeps): Promise<Answer> {
  const { tenant, params, body, bodyText } = call;
  const { to, from } = body;
  const lifecycle = findLifecycle(tenant, params);
  checkStates(lifecycle, { to, from });
  const plan = planTransition(lifecycle, { to, from });
  // Looked up before the transaction, which must not wait for another connection.
  const edges = plan.from.flatMap((source) => eventsBetween(lifecycle, source, to));
  const types = await typesFor(
    tenant,
    edges.map(({ type }) => type),
  );
  const dataText = splitObject(bodyText).get('data') ?? '{}';
  const callId = newId();
  const requestsFor = (previousState: string): EventRequest[] => {
    const events = prepareEdgeEvents(eventsBetween(lifecycle, previousState, to), dataText);
    const posted = events.map(({ type, data }) => ({ type, data, aggregateVersion: null, prefix: '' }));
    judgeEvents(tenant, posted, types);
    return events.map((event) =>
      prepareRequest(
        tenant,
        { type: event.type, jobId: params.subject, dataText: event.dataText, aggregateVersion: null },
        { callId, idempotency: null },
      ),
    );
  };
  const result = await transitionSubject(
    deps.database,
    { ...plan, tenantId: tenant.id, lifecycle: lifecycle.name, subject: params.subject, to },
    ({ previousState, version }) => ({
      events: requestsFor(previousState),
      metered: metersOf(lifecycle, to, version),
    }),
  );
  if (result.kind === 'refused') throw await lost(call, lifecycle, to);
  announce(result.accepted, deps);
  const { version } = result.moved;
  return ok({
    lifecycle: lifecycle.name,
    subject: params.subject,
    state: to,
    version,
    events: firedBy(result.accepted),
  });
}
