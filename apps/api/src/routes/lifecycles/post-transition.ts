import type { AskedTransition } from '@posthorn/domain/lifecycle/plan-transition';
import { splitObject } from '@posthorn/domain/raw-json/split-json';
import { encodeTypeId } from '@posthorn/domain/type-id';
import type { PostTransition } from '@posthorn/http-api/lifecycle';
import { findSubject } from '@posthorn/store/tenant/find-subject';
import type { Lifecycle } from '@posthorn/wire/lifecycle';
import { makeTransition, type TransitionDeps } from '../../events/make-transition.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { type AppError, conflict, invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { findLifecycle } from './find-lifecycle.ts';

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

/** `POST /v1/lifecycles/{lifecycle}/{subject}/transitions`: one actor wins; its events, usage and state commit together. */
export async function postTransition(call: TransitionCall, deps: TransitionDeps): Promise<Answer> {
  const { tenant, params, body, bodyText, note } = call;
  const { to, from, ordering_key: orderingKey = null } = body;
  const { subject } = params;
  const lifecycle = findLifecycle(tenant, params);
  checkStates(lifecycle, { to, from });
  const dataText = splitObject(bodyText).get('data') ?? '{}';
  const made = await makeTransition(tenant, { lifecycle, subject, to, from, dataText, orderingKey }, deps, note);
  if (!made) throw await lost(call, lifecycle, to);
  const events = made.fired.map(({ id, type }) => ({ id: encodeTypeId('event', id), type }));
  return ok({ lifecycle: lifecycle.name, subject, state: to, version: made.version, events });
}
