import { type AddressInfo, BlockList } from 'node:net';
import { promisify } from 'node:util';
import { parseCidrs } from '@posthorn/domain/egress/parse-cidrs';
import type { LogFields } from '@posthorn/runtime/create-logger';
import { claimTestRedis } from '@posthorn/testkit/claim-test-redis';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { TEST_ADMIN_KEY, TEST_SECRETS_KEY } from '@posthorn/testkit/start-process';
import { createApp } from '../src/app.ts';
import { createDeps, type DepsOptions } from '../src/create-deps.ts';
import type { Deps } from '../src/deps.ts';
import { classesFor } from '../src/http/classes-for.ts';
import { createApiServer, serverLimits } from '../src/http/create-api-server.ts';

/** What is sent with a request; `raw` goes out as it stands, `body` as JSON. */
export interface RequestOptions {
  readonly key?: string | null;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A list that a test expects to hold something; where it is empty, the test fails on its first entry. */
type Some<Item> = readonly [Item, ...Item[]];

/**
 * The fields that tests read from answers of whatever route. One that an answer lacks is missing at run time, and
 * the test that reads it fails.
 */
export interface Shown {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly state: string;
  readonly kind: string;
  readonly count: number;
  readonly matched: number;
  readonly replay_of: string | null;
  readonly type: string;
  readonly source: string;
  readonly jobId: string;
  readonly status: string;
  readonly code: string;
  readonly detail: string;
  readonly ref: string;
  readonly errors: Some<{ readonly path: string; readonly message: string }>;
  readonly data: Some<Shown>;
  readonly events: Some<Shown>;
  readonly fired_with: Some<Shown>;
  readonly attempt_log: Some<Shown>;
  readonly number: number;
  readonly attempts: number;
  readonly next_cursor: string | null;
  readonly api_key: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly last_used_at: string;
  readonly signing_secret: string;
  readonly public_keys: readonly string[];
  readonly secret_overlap_ends_at: string | null;
  readonly description: string;
  readonly schema: object | null;
  readonly breaking_changes: Some<object>;
  readonly payload: string;
  readonly deliveries: number;
  readonly events_accepted: number;
  readonly oldest_due_ms: number;
  readonly drift: number | null;
  readonly by_status: Readonly<Record<string, number>>;
  readonly sent_at: string;
  readonly completed_at: string | null;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly checks: { readonly database: string; readonly queue: string };
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; empty where it is no JSON. */
  readonly body: Shown;
}

export interface TestTenant {
  readonly id: string;
  readonly key: string;
}

export interface TestApi {
  readonly url: string;
  readonly adminKey: string;
  readonly databaseUrl: string;
  readonly deps: Deps;
  /** Every line the API logged. */
  readonly log: { level: string; message: string; fields: LogFields | undefined }[];
  request(method: string, path: string, options?: RequestOptions): Promise<ApiAnswer>;
  tenant(profile?: string): Promise<TestTenant>;
  /** How many are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

function collectLog(): { lines: TestApi['log']; logger: DepsOptions['log'] } {
  const lines: TestApi['log'] = [];
  const write = (level: string) => (message: string, fields?: LogFields) => void lines.push({ level, message, fields });
  return { lines, logger: { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') } };
}

async function send(url: string, method: string, path: string, options: RequestOptions): Promise<ApiAnswer> {
  const { key, body, raw, headers } = options;
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(content !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Shown };
}

function parsedCidrs(text: string) {
  const parsed = parseCidrs(text);
  if (!parsed.ok) throw new Error(`Not CIDRs: ${parsed.wrong.join()}`);
  return parsed.list;
}

/** The API in this process on a free port, with a database and a Redis of the suite's own. */
export async function startApi(overrides: Partial<DepsOptions> = {}, limits = serverLimits): Promise<TestApi> {
  const databaseUrl = overrides.databaseUrl ?? (await createTestDatabase());
  const { lines, logger } = collectLog();
  const deps = createDeps({
    databaseUrl,
    redisUrl: overrides.redisUrl ?? (await claimTestRedis()),
    queueShards: 1,
    maxWaitingJobs: 10_000,
    adminApiKey: TEST_ADMIN_KEY,
    secretsKeys: [TEST_SECRETS_KEY],
    egressRules: { allowHttp: true, allowed: parsedCidrs('127.0.0.0/8,::1/128'), own: () => new BlockList() },
    rateLimit: 0,
    trustedProxies: parsedCidrs(''),
    upgradeUrl: null,
    log: logger,
    ...overrides,
  });
  const app = createApp(deps);
  const server = createApiServer(app, logger, limits, classesFor(app));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request: TestApi['request'] = (method, path, options = {}) => send(url, method, path, options);
  return {
    url,
    adminKey: TEST_ADMIN_KEY,
    databaseUrl,
    deps,
    log: lines,
    request,
    async tenant(profile = 'connect-domain') {
      const { body } = await request('POST', '/v1/tenants', { key: TEST_ADMIN_KEY, body: { name: 'Acme', profile } });
      return { id: body.id, key: body.api_key };
    },
    connections: () => promisify(server.getConnections.bind(server))(),
    async close() {
      const bugs = lines.filter(({ level }) => level === 'error');
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await deps.close();
      if (bugs.length > 0) throw new Error(`The API logged errors: ${JSON.stringify(bugs)}`);
    },
  };
}

/** A TypeID of that prefix that nothing has. */
export const unknownId = (prefix: string): string => `${prefix}_01h455vb4pex5vsknk084sn02q`;

/** Registers an endpoint that takes every type. */
export async function addEndpoint(api: TestApi, key: string, fields: object = {}): Promise<Shown> {
  const answer = await api.request('POST', '/v1/webhook-endpoints', {
    key,
    body: { url: 'http://127.0.0.1:9/hook', events: [], ...fields },
  });
  if (answer.status !== 201) throw new Error(`Endpoint refused: ${answer.text}`);
  return answer.body;
}

/** Posts an event of a type that every connect-domain tenant has. */
export async function addEvent(api: TestApi, key: string, fields: object = {}): Promise<Shown> {
  const body = { type: 'domain.verified', jobId: 'job-1', data: { hostname: 'app.customer.example' }, ...fields };
  const answer = await api.request('POST', '/v1/events', { key, body });
  if (answer.status !== 202) throw new Error(`Event refused: ${answer.text}`);
  return answer.body;
}

/** The deliveries of an event. */
export async function deliveriesOf(api: TestApi, key: string, eventId: string): Promise<Some<Shown>> {
  return (await api.request('GET', `/v1/webhook-deliveries?event_id=${eventId}`, { key })).body.data;
}

/** Creates a key of a tenant with exactly these scopes. */
export async function addKey(api: TestApi, tenantId: string, scopes: readonly string[]): Promise<Shown> {
  const path = `/v1/tenants/${tenantId}/api-keys`;
  return (await api.request('POST', path, { key: api.adminKey, body: { name: 'narrow', scopes } })).body;
}
