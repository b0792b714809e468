import { newId } from '@posthorn/runtime/new-id';
import { Overloaded } from '@posthorn/runtime/overloaded';
import { paceLoop } from '@posthorn/runtime/pace-loop';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { serveConsole } from './console/serve-console.ts';
import type { Deps } from './deps.ts';
import { AppError, invalid, notFound } from './http/app-error.ts';
import { recallOwner } from './http/authenticate.ts';
import { describeError } from './http/describe-error.ts';
import { guardAnswer } from './http/guard-answer.ts';
import { limitRate } from './http/limit-rate.ts';
import { limitUnanswered } from './http/limit-unanswered.ts';
import { observe } from './http/observe.ts';
import { contextOf, openRequest } from './http/request-context.ts';
import { refusalOf, sendProblem } from './http/send-problem.ts';
import { serveDocs } from './http/serve-docs.ts';
import { serveRoute } from './http/serve-route.ts';
import { trustProxies } from './http/trust-proxies.ts';
import { serveLive } from './live/serve-live.ts';
import type { Route } from './routes/define-route.ts';
import { routeTable } from './routes/route-table.ts';

/** More than this many requests in a turn of the event loop wait for the next one, by whose they are. */
const REQUESTS_PER_TURN = 32;
/** Of one tenant 16,000, and so of all whose key is not known yet: a connection has one, but where a client sends further ones before it is answered. */
const MAX_WAITING_REQUESTS = 20_000;
/** Such requests have been read already, whatever they cost, up to thousands of a connection. */
const MAX_UNANSWERED = 16;

/** One step and not three: each costs a request its way through the router. */
function begin(deps: Deps): RequestHandler {
  const inTurn = paceLoop(REQUESTS_PER_TURN, MAX_WAITING_REQUESTS);
  const mayAsk = limitUnanswered(MAX_UNANSWERED, deps.log);
  return (request, response, next) => {
    if (!mayAsk(request, response)) return;
    observe(request, response, openRequest(response, newId()), deps);
    guardAnswer(request, response);
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      throw invalid({ path: 'Host', message: 'must be sent' });
    const goOn = (): void => {
      if (!response.closed) next();
    };
    const isBegun = inTurn(() => recallOwner(request, deps), goOn);
    if (!isBegun) throw new Overloaded('Too many requests wait for their turn');
  };
}

/** A known path with another method does not exist either, but the answer says which methods do. */
const refuseMethod =
  (methods: readonly string[]): RequestHandler =>
  (_request, response) => {
    response.setHeader('Allow', methods.map((method) => method.toUpperCase()).join(', '));
    throw notFound();
  };

const refuse =
  ({ log }: Deps): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    // The router's own errors (a path that cannot be decoded) name nothing that exists.
    const refusal = refusalOf(error) ?? (error instanceof URIError ? notFound() : null);
    if (refusal) return sendProblem(response, refusal);
    log.error('request failed', { ref: contextOf(response).ref, ...describeError(error) });
    sendProblem(response, new AppError('internal'));
  };

/** What a route only reads it reads over other connections than those that accept events; probes ask the latter. */
const depsOf = ({ method, access }: Route, deps: Deps): Deps =>
  method === 'get' && access !== 'public' ? { ...deps, ...deps.forReading } : deps;

function registerRoutes(app: Express, routes: readonly Route[], deps: Deps): void {
  const limiter = limitRate(deps.rateLimit, deps.producer);
  for (const path of new Set(routes.map((route) => route.path))) {
    const ofPath = routes.filter((route) => route.path === path);
    const place = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const route of ofPath) place[route.method](serveRoute(route, limiter, depsOf(route, deps)));
    place.all(refuseMethod(ofPath.map(({ method }) => method)));
  }
}

/** The API as an express application; every dependency is passed in. */
export function createApp(deps: Deps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.enable('case sensitive routing');
  app.set('trust proxy', trustProxies(deps.trustedProxies));
  app.use(begin(deps));
  registerRoutes(app, routeTable, deps);
  serveLive(app, deps);
  serveDocs(app);
  serveConsole(app);
  app.use(() => {
    throw notFound();
  });
  return app.use(refuse(deps)) as Express;
}
