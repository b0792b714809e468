import { claimTestRedis } from './claim-test-redis.ts';
import { createTestDatabase } from './create-test-database.ts';
import { type StartedProcess, startProcess, TEST_ADMIN_KEY } from './start-process.ts';

/** An answer of the running API, its JSON parsed. */
export interface SystemAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** A tenant of the running system, and calls with its key. */
export interface SystemTenant {
  readonly id: string;
  readonly key: string;
  call(method: string, path: string, body?: unknown): Promise<SystemAnswer>;
  /** @throws when the answer is no success; @returns its body */
  expect<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Body>;
}

/** The product as it runs: one API and one dispatcher from their builds, with a database and a Redis of their own. */
export interface System {
  readonly api: StartedProcess;
  readonly dispatcher: StartedProcess;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  asOperator(method: string, path: string, body?: unknown): Promise<SystemAnswer>;
  tenant(profile?: string, more?: object): Promise<SystemTenant>;
  /** Ends both. @returns their exit codes */
  stop(): Promise<(number | null)[]>;
}

async function send(url: string, key: string, method: string, path: string, body: unknown): Promise<SystemAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** @param env on top of what both processes get */
export async function startSystem(env: Readonly<Record<string, string>> = {}): Promise<System> {
  const databaseUrl = env['DATABASE_URL'] ?? (await createTestDatabase());
  const redisUrl = env['REDIS_URL'] ?? (await claimTestRedis());
  const shared = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, ...env };
  const starts = await Promise.allSettled([startProcess('api', shared), startProcess('dispatcher', shared)]);
  const [api, dispatcher] = starts.map((start) => (start.status === 'fulfilled' ? start.value : null));
  if (!api || !dispatcher) {
    await Promise.all([api?.stop(), dispatcher?.stop()]);
    throw starts.find((start) => start.status === 'rejected')?.reason;
  }
  const asOperator: System['asOperator'] = (method, path, body) => send(api.url, TEST_ADMIN_KEY, method, path, body);
  return {
    api,
    dispatcher,
    databaseUrl,
    redisUrl,
    asOperator,
    async tenant(profile = 'connect-domain', more = {}) {
      const { status, body } = await asOperator('POST', '/v1/tenants', { name: 'Acme', profile, ...more });
      if (status !== 201) throw new Error(`POST /v1/tenants: ${JSON.stringify(body)}`);
      const { id, api_key: key } = body as { id: string; api_key: string };
      const call: SystemTenant['call'] = (method, path, content) => send(api.url, key, method, path, content);
      return {
        id,
        key,
        call,
        async expect<Body>(method: string, path: string, content?: unknown) {
          const answer = await call(method, path, content);
          if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
          return answer.body as Body;
        },
      };
    },
    stop: () => Promise.all([api.stop(), dispatcher.stop()]),
  };
}
