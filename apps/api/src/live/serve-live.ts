import { type LiveQuery, liveQuery } from '@posthorn/http-api/live';
import { createSession } from 'better-sse';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { Deps } from '../deps.ts';
import { noStore } from '../http/answer.ts';
import { ANSWER_BUDGET_MS } from '../http/answer-budget.ts';
import { AppError, invalid } from '../http/app-error.ts';
import { authenticate } from '../http/authenticate.ts';
import { describeError } from '../http/describe-error.ts';
import { limitRate, limitRequest } from '../http/limit-rate.ts';
import { parseWith } from '../http/parse-with.ts';
import { type Caller, contextOf } from '../http/request-context.ts';
import { requireScope, resolveTenant, type TenantScope, tenantMissing } from '../http/resolve-tenant.ts';
import { sendProblem } from '../http/send-problem.ts';
import { startDeadline } from '../http/start-deadline.ts';
import { readFilterId } from '../routes/read-id.ts';
import { createLiveReader, type LiveReader, type LiveRequest } from './create-live-reader.ts';
import { runStream } from './run-stream.ts';

const PATH = '/v1/stream';
/** How long a browser waits until it connects again. */
const RECONNECT_MS = 3_000;

async function tenantOf(caller: Caller, request: Request, deps: Deps): Promise<TenantScope> {
  requireScope(caller, 'webhooks:read');
  const { tenant: asked } = request.query;
  const named = request.get('x-tenant-id') ?? (typeof asked === 'string' ? asked : undefined);
  const tenant = await resolveTenant(caller, named, deps);
  if (tenant === null) throw tenantMissing();
  return tenant;
}

/** @throws AppError `invalid` */
function readRequest(query: LiveQuery, request: Request): LiveRequest {
  return {
    filter: {
      statuses: query.status,
      endpointId: readFilterId('endpoint', 'endpoint_id', query.endpoint_id),
      eventId: readFilterId('event', 'event_id', query.event_id),
      type: query.type,
      jobId: query.jobId,
    },
    after: readFilterId('delivery', 'after', query.after),
    watch: (query.watch ?? []).flatMap((id) => readFilterId('delivery', 'watch', id) ?? []),
    // A browser that connects again by itself asks for what it first asked for, not for what it has missed.
    resumes: request.get('last-event-id') !== undefined,
  };
}

/** One that has not begun is refused, so that its client tries again. */
function endStream(response: Response): void {
  if (response.headersSent) response.end();
  else sendProblem(response, new AppError('unavailable'));
}

/** A stream that was let in, and whom it is for. */
interface Opened {
  readonly tenant: TenantScope;
  readonly reader: LiveReader;
}

/** What comes before the first byte; what it throws is answered as of any route. */
async function open(
  request: Request,
  response: Response,
  deps: Deps,
  limiter: RequestHandler | null,
): Promise<Opened | null> {
  const context = contextOf(response);
  const caller = await authenticate(request, deps);
  context.caller = caller;
  if (caller.kind === 'tenant') context.tenantId = caller.tenantId;
  if (limiter) await limitRequest(limiter, request, response);
  if (response.headersSent) return null;
  const tenant = await tenantOf(caller, request, deps);
  context.tenantId = tenant.id;
  const asked = readRequest(parseWith(liveQuery, { ...request.query }), request);
  // The library makes a URL of it.
  if (!URL.canParse(request.url, `http://${request.headers.host}`))
    throw invalid({ path: 'Host', message: 'is wrong' });
  // Of a client that has gone, no close would count it out.
  if (response.destroyed) return null;
  response.once(
    'close',
    deps.liveStreams.admit(tenant.id, () => endStream(response)),
  );
  return { tenant, reader: await createLiveReader(tenant, asked, deps.takeTurn, Date.now) };
}

async function stream(request: Request, response: Response, { tenant, reader }: Opened, deps: Deps): Promise<void> {
  const ended = new AbortController();
  response.once('close', () => ended.abort());
  // What is written to a client that has just gone is lost, and nobody's fault.
  response.on('error', () => undefined);
  // Without it the connection would outlive its stream when the process stops.
  const headers = { Connection: 'close' };
  const session = await createSession(request, response, { keepAlive: null, retry: RECONNECT_MS, headers });
  const letInAgain = async (): Promise<void> => {
    const { id } = await tenantOf(await authenticate(request, deps), request, deps);
    if (id !== tenant.id) throw new AppError('unauthorized');
  };
  try {
    await runStream({ session, response, reader, letInAgain, signal: ended.signal });
  } catch (error) {
    deps.log.error('live stream failed', { ref: contextOf(response).ref, ...describeError(error) });
  } finally {
    response.end();
  }
}

function handleWith(deps: Deps): RequestHandler {
  const limiter = limitRate(deps.rateLimit, deps.producer);
  return async (request, response) => {
    contextOf(response).route = PATH;
    response.setHeader('Cache-Control', noStore['Cache-Control']);
    const deadline = startDeadline(ANSWER_BUDGET_MS, () => sendProblem(response, new AppError('unavailable')));
    const opened = await open(request, response, deps, limiter).finally(() => deadline.stop());
    if (opened === null || response.headersSent || response.destroyed) return;
    if (request.method === 'HEAD') response.type('text/event-stream').end();
    else await stream(request, response, opened, deps);
  };
}

/** `GET /v1/stream`: deliveries as they are made and as they change, as server-sent events. */
export function serveLive(app: Express, deps: Deps): void {
  app.get(PATH, handleWith({ ...deps, ...deps.forReading }));
}
