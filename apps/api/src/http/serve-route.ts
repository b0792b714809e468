import { type KeyTerms, sameTerms } from '@posthorn/store/key-terms';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Call, PathParams, Route } from '../routes/define-route.ts';
import { type Answer, noStore, sendAnswer } from './answer.ts';
import { ANSWER_BUDGET_MS } from './answer-budget.ts';
import { AppError, invalid } from './app-error.ts';
import { authenticate } from './authenticate.ts';
import type { BodyHold } from './body-room.ts';
import { describeAct } from './describe-act.ts';
import { KeyUnconfirmed } from './key-unconfirmed.ts';
import { limitRequest } from './limit-rate.ts';
import { parseWith } from './parse-with.ts';
import { type AcceptedNote, ageMs, type Caller, contextOf } from './request-context.ts';
import { requireScope, resolveTenant, type TenantScope, tenantMissing } from './resolve-tenant.ts';
import { sendProblem } from './send-problem.ts';
import { type Deadline, startDeadline } from './start-deadline.ts';
import { type TakenBody, takeBody, withoutBody } from './take-body.ts';

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly deps: Deps;
  readonly deadline: Deadline;
  readonly limiter: RequestHandler | null;
  /** The room that its body has. */
  hold?: BodyHold;
  /** Its body, which can be read once. */
  taken?: Promise<TakenBody>;
}

interface Again {
  readonly before: KeyTerms;
  readonly route: Route;
  readonly exchange: Exchange;
}

async function letIn(route: Route, { request, response, deps }: Exchange, mayRecall: boolean): Promise<Caller | null> {
  if (route.access === 'public') return null;
  const caller = await authenticate(request, deps, mayRecall);
  const context = contextOf(response);
  context.caller = caller;
  if (caller.kind === 'tenant') context.tenantId = caller.tenantId;
  return caller;
}

async function tenantFor(
  route: Route,
  caller: Caller | null,
  request: Request,
  deps: Deps,
): Promise<TenantScope | null> {
  if (caller === null || route.access === 'operator' || route.access === 'any-key') return null;
  const tenant = await resolveTenant(caller, request.get('x-tenant-id'), deps);
  if (tenant === null && route.access === 'tenant') throw tenantMissing();
  return tenant;
}

function bodyFor(route: Route, exchange: Exchange, owner: string): TakenBody | Promise<TakenBody> {
  if (!route.body) return withoutBody;
  const { request, response, deadline, deps } = exchange;
  exchange.hold ??= deps.bodyRoom.open(owner);
  const { hold } = exchange;
  exchange.taken ??= takeBody(route, route.body, { request, response, deadline, hold, owner, paceWork: deps.paceWork });
  return exchange.taken;
}

function queryFor(schema: z.ZodType | undefined, request: Request): unknown {
  if (!schema) return undefined;
  const twice = Object.keys(request.query).find((name) => typeof request.query[name] !== 'string');
  if (twice !== undefined) throw invalid({ path: twice, message: 'must be given once' });
  return parseWith(schema, { ...request.query });
}

/** Of a request whose time was up, or whose client is gone, the line is written already. */
function noteAccepted({ response, deps: { log } }: Exchange, accepted: AcceptedNote): void {
  const context = contextOf(response);
  if (response.closed) log.info('accepted after the request was over', { ref: context.ref, ...accepted });
  else context.accepted = accepted;
}

const noParams: PathParams = { id: '', key: '', name: '', lifecycle: '', subject: '' };

async function answerTo(caller: Caller | null, route: Route, exchange: Exchange): Promise<Answer> {
  const { request, response, deps } = exchange;
  if (caller) requireScope(caller, route.scope);
  const tenant = await tenantFor(route, caller, request, deps);
  if (tenant) contextOf(response).tenantId = tenant.id;
  const query = queryFor(route.query, request);
  const { body, bodyText, work } = await bodyFor(route, exchange, tenant?.id ?? caller?.keyId ?? '');
  const call: Call<TenantScope | null, unknown, unknown> = {
    caller,
    tenant,
    params: { ...noParams, ...(request.params as Partial<PathParams>) },
    query,
    body,
    bodyText,
    work,
    header: (name) => request.get(name),
    secure: request.secure,
    act: describeAct({ request, caller, ref: contextOf(response).ref, operationId: route.operationId, body }),
    note: (accepted) => noteAccepted(exchange, accepted),
  };
  // What posts events shares statements, and is shared out where it cannot (gather-events.ts).
  if (tenant && !route.postsEvents) return deps.takeTurn(tenant.id, async () => route.handle(call, deps));
  return route.handle(call, deps);
}

/**
 * Judges a request by its key as it is now, after what was asked by a remembered key was refused or not confirmed.
 *
 * @throws the refusal, where the key has not changed
 */
async function answerAgain(error: unknown, { before, route, exchange }: Again): Promise<Answer> {
  // What has failed has failed by whichever key.
  if (!(error instanceof AppError || error instanceof KeyUnconfirmed)) throw error;
  const caller = await letIn(route, exchange, false);
  if (error instanceof AppError && caller?.kind === 'tenant' && sameTerms(caller, before)) throw error;
  return answerTo(caller, route, exchange);
}

async function answer(route: Route, exchange: Exchange): Promise<Answer | null> {
  const { request, response, limiter } = exchange;
  const caller = await letIn(route, exchange, route.confirmsKey ?? false);
  if (caller && limiter) await limitRequest(limiter, request, response);
  if (response.headersSent) return null;
  try {
    return await answerTo(caller, route, exchange);
  } catch (error) {
    if (caller?.kind !== 'tenant' || !caller.remembered) throw error;
    return answerAgain(error, { before: caller, route, exchange });
  }
}

/** Answers a route's requests: who asks, may they, for whom, is it well formed; then its handler. */
export function serveRoute(route: Route, limiter: RequestHandler | null, deps: Deps): RequestHandler {
  return async (request, response) => {
    const context = contextOf(response);
    context.route = route.path;
    const deadline = startDeadline(ANSWER_BUDGET_MS - ageMs(context), () =>
      sendProblem(response, new AppError('unavailable')),
    );
    // What a key may read is not for whoever uses the same browser or proxy next.
    if (route.access !== 'public') response.setHeader('Cache-Control', noStore['Cache-Control']);
    const exchange: Exchange = { request, response, deps, deadline, limiter };
    try {
      const result = await answer(route, exchange);
      if (result) sendAnswer(response, result);
    } finally {
      deadline.stop();
      exchange.hold?.giveBack();
    }
  };
}
