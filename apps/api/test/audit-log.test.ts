import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseCidrs } from '@posthorn/domain/egress/parse-cidrs';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { newId } from '@posthorn/runtime/new-id';
import { type ChainReport, verifyAudit } from '@posthorn/store/operator/verify-audit';
import { runSql } from '@posthorn/testkit/run-sql';
import { addEndpoint, addEvent, addKey, deliveriesOf, startApi, type TestApi, type TestTenant } from './start-api.ts';

interface Entry {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly number: number;
  readonly actor: string;
  readonly key_id: string | null;
  readonly key_name: string | null;
  readonly action: string;
  readonly object_type: string;
  readonly object_id: string;
  readonly fields: readonly string[];
  readonly address: string | null;
  readonly request_id: string | null;
  readonly previous_hash: string;
  readonly hash: string;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { content: Record<string, { schema: { $ref?: string; examples?: unknown[] } }> };
}
interface Document {
  readonly components: { schemas: Record<string, { examples?: unknown[] }> };
  readonly paths: Record<string, Record<string, Operation>>;
}

/** Who signs in or out changes a session and nothing else; what a session does is noted with its key. */
const SESSIONS = ['signIn', 'signOut'];
/** A tenant's traffic, in which nothing is configured: it is its own record. */
const OWN_RECORD = new Set(['postEvent', 'postEventBatch', 'postTransition']);
/** A question whose words do not fit into a URL. */
const CHANGES_NOTHING = new Set(['checkSignature', ...SESSIONS]);
/** A proxy that is believed, and what it says of where the request came from. */
const FORWARDED = { 'X-Forwarded-For': '203.0.113.9' };

let api: TestApi;
let document: Document;

beforeAll(async () => {
  const trusted = parseCidrs('127.0.0.0/8');
  api = await startApi(trusted.ok ? { trustedProxies: trusted.list } : {});
  document = JSON.parse((await api.request('GET', '/openapi.json')).text) as Document;
});
afterAll(() => api.close());

const entriesFor = async (key: string, query = '', tenantId?: string): Promise<readonly Entry[]> => {
  const headers = tenantId === undefined ? {} : { 'X-Tenant-Id': tenantId };
  const answer = await api.request('GET', `/v1/audit-log?limit=200${query}`, { key, headers });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.data as unknown as Entry[];
};
const all = () => entriesFor(api.adminKey);

const mutating = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { operationId: id }]) => method !== 'get' && !OWN_RECORD.has(id) && !CHANGES_NOTHING.has(id))
      .map(([method, operation]) => ({ path, method, operation })),
  );

function exampleOf({ requestBody }: Operation): unknown {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return undefined;
  const named =
    schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1) as string];
  return named?.examples?.[0] ?? {};
}

/** Objects of their own for each operation. @returns what stands in a path after each name */
async function makeObjects(tenant: TestTenant): Promise<Record<string, string>> {
  const endpoint = await addEndpoint(api, tenant.key);
  const event = await addEvent(api, tenant.key);
  const [delivery] = await deliveriesOf(api, tenant.key, event.id);
  const key = await addKey(api, tenant.id, ['usage:read']);
  const call = (method: string, path: string, body: object) => api.request(method, path, { key: tenant.key, body });
  const recovery = await call('POST', `/v1/webhook-endpoints/${endpoint.id}/recover`, {
    since: '1970-01-01T00:00:00Z',
  });
  await call('PUT', '/v1/event-types/own.type', { description: 'd' });
  await call('POST', '/v1/profiles', { name: 'own-profile', extends: 'connect-domain' });
  return {
    tenants: tenant.id,
    'api-keys': key.id,
    'webhook-endpoints': endpoint.id,
    webhooks: endpoint.id,
    'webhook-deliveries': delivery.id,
    recoveries: recovery.body.id,
    'event-types': 'own.type',
    profiles: 'own-profile',
    lifecycles: 'connection',
    connection: `job-${newId()}`,
  };
}

function fillPath(path: string, ids: Record<string, string>): string {
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    if (part.startsWith('{')) parts[index] = ids[parts[index - 1] as string] ?? part;
  }
  return parts.join('/');
}

/** What an operation wants besides the example that the document shows. */
const bodies: Record<string, object> = {
  putEventType: { description: 'e' },
  recoverEndpoint: { since: '1970-01-01T00:00:00Z' },
};

test('every route that changes something leaves exactly one entry, with who, what, where and which request', async () => {
  const operations = mutating();
  expect(operations.length).toBeGreaterThan(20);
  for (const { path, method, operation } of operations) {
    const tenant = await api.tenant();
    const ids = await makeObjects(tenant);
    const before = new Set((await all()).map(({ id }) => id));
    const isOperators = path.startsWith('/v1/tenants');
    const key = isOperators ? api.adminKey : tenant.key;
    const body = bodies[operation.operationId] ?? exampleOf(operation);
    const target = fillPath(path, ids);
    const answer = await api.request(method.toUpperCase(), target, {
      key,
      headers: FORWARDED,
      ...(body !== undefined && { body }),
    });
    expect([operation.operationId, target, answer.status < 300, answer.text]).toEqual([
      operation.operationId,
      target,
      true,
      answer.text,
    ]);
    const added = (await all()).filter(({ id }) => !before.has(id));
    expect(added).toEqual([
      expect.objectContaining({
        action: operation.operationId,
        actor: isOperators ? 'operator' : 'key',
        key_name: isOperators ? null : 'default',
        tenant_id: operation.operationId === 'createTenant' ? null : tenant.id,
        address: '203.0.113.9',
        request_id: answer.headers.get('x-request-id'),
        fields:
          Object.keys(body ?? {}).length === 0
            ? expect.any(Array)
            : expect.arrayContaining(Object.keys(body as object)),
      }),
    ]);
    const named = target
      .split('/')
      .slice(3)
      .find((part) => Object.values(ids).includes(part) && part !== 'connection');
    const object = added[0]?.object_id ?? '';
    if (named !== undefined && !['createApiKey', 'revokeApiKey'].includes(operation.operationId))
      expect(object).toContain(named);
    else if (operation.operationId === 'revokeApiKey') expect(object).toBe(ids['api-keys']);
    else expect([answer.body.id, answer.body.name]).toContain(object);
  }
}, 60_000);

describe('What leaves nothing', () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await api.tenant();
  });
  const call = (method: string, path: string, body?: object, key = tenant.key) =>
    api.request(method, path, { key, ...(body && { body }) });

  test('posted events, refusals of every kind, dry runs and changes of nothing', async () => {
    const endpoint = await addEndpoint(api, tenant.key);
    const narrow = await addKey(api, tenant.id, ['webhooks:read']);
    const before = await all();
    const one = `/v1/webhook-endpoints/${endpoint.id}`;
    await addEvent(api, tenant.key);
    const statuses = [
      await call('PATCH', one, { status: 'disabled' }, narrow.api_key),
      await call('PATCH', one, { status: 'disabled' }, 'ph_wrong'),
      await call('PATCH', one, { url: 'nonsense' }),
      await call('DELETE', '/v1/webhook-endpoints/ep_01h455vb4pex5vsknk084sn02q'),
      await call('DELETE', '/v1/profiles/connect-domain'),
      await call('POST', `${one}/recover`, { since: '1970-01-01T00:00:00Z', dry_run: true }),
      await call('PATCH', one, {}),
      await api.request('PATCH', `/v1/tenants/${tenant.id}`, { key: api.adminKey, body: {} }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 401, 400, 404, 409, 200, 200, 200]);
    expect(await all()).toEqual(before);
  });

  test('a change that does not commit, and there is no change without its entry', async () => {
    const id = decodeTypeId('tenant', tenant.id) as string;
    const before = await all();
    await runSql(
      api.databaseUrl,
      `ALTER TABLE audit_entries ADD CONSTRAINT none_of_it CHECK (tenant_id <> '${id}') NOT VALID`,
    );
    const body = { url: 'http://127.0.0.1:9/hook', events: [] };
    try {
      expect((await call('POST', '/v1/webhook-endpoints', body)).status).toBe(500);
    } finally {
      await runSql(api.databaseUrl, 'ALTER TABLE audit_entries DROP CONSTRAINT none_of_it');
      api.log.splice(0, api.log.length, ...api.log.filter(({ level }) => level !== 'error'));
    }
    expect((await call('GET', '/v1/webhook-endpoints')).body.data).toEqual([]);
    expect(await all()).toEqual(before);
    expect((await verifyAudit(api.deps.database)).filter(({ broken }) => broken)).toEqual([]);
  });
});

describe('Who sees what', () => {
  test('a tenant sees its own chain, the operator’s acts on it included, but not where the operator sits', async () => {
    const [mine, other] = [await api.tenant(), await api.tenant()];
    await addEndpoint(api, mine.key);
    const key = await addKey(api, mine.id, ['webhooks:read']);
    await addEndpoint(api, other.key);
    const shown = await entriesFor(key.api_key);
    expect(shown.map(({ action, actor, address, number }) => [number, action, actor, address])).toEqual([
      [2, 'createApiKey', 'operator', null],
      [1, 'createEndpoint', 'key', '127.0.0.1'],
    ]);
    const acting = await entriesFor(api.adminKey, '', mine.id);
    expect(acting.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  test('a key without the scope sees nothing, and filters narrow the list', async () => {
    const tenant = await api.tenant();
    const narrow = await addKey(api, tenant.id, ['usage:read']);
    const refused = await api.request('GET', '/v1/audit-log', { key: narrow.api_key });
    expect(refused.status).toBe(403);
    const [one, two] = [await addEndpoint(api, tenant.key), await addEndpoint(api, tenant.key)];
    await api.request('DELETE', `/v1/webhook-endpoints/${one.id}`, { key: tenant.key });
    const actions = async (query: string) => (await entriesFor(tenant.key, query)).map(({ action }) => action);
    expect(await actions(`&object_id=${one.id}`)).toEqual(['deleteEndpoint', 'createEndpoint']);
    expect(await actions('&action=createEndpoint')).toHaveLength(2);
    expect(await actions('&actor=operator')).toEqual(['createApiKey']);
    expect(await actions(`&key_id=${narrow.id}`)).toEqual([]);
    expect(await actions(`&object_id=${two.id}&created_before=2020-01-01T00:00:00Z`)).toEqual([]);
    const first = await api.request('GET', '/v1/audit-log?limit=1', { key: tenant.key });
    const next = await api.request('GET', `/v1/audit-log?limit=3&cursor=${first.body.next_cursor}`, {
      key: tenant.key,
    });
    expect([...first.body.data, ...next.body.data].map(({ number }) => number)).toEqual([4, 3, 2, 1]);
  });

  test('names of fields are kept, and no value of any', async () => {
    const tenant = await api.tenant();
    const secret = `mine-${newId()}-and-long-enough`;
    const headers = { 'X-Password': `value-${newId()}` };
    const endpoint = await addEndpoint(api, tenant.key, { secret, headers, description: 'private words' });
    const rotated = await api.request('POST', `/v1/webhook-endpoints/${endpoint.id}/rotate-secret`, {
      key: tenant.key,
    });
    const rows = JSON.stringify(await runSql(api.databaseUrl, 'SELECT * FROM audit_entries'));
    const { api_key: key } = await addKey(api, tenant.id, ['usage:read']);
    for (const text of [secret, headers['X-Password'], 'private words', rotated.body.signing_secret, key, tenant.key]) {
      expect(rows).not.toContain(text);
    }
    expect((await entriesFor(tenant.key)).at(-1)?.fields).toEqual([
      'url',
      'events',
      'description',
      'headers',
      'secret',
    ]);
  });
});

describe('The chain', () => {
  const reportOf = async (tenant: TestTenant): Promise<ChainReport | undefined> =>
    (await verifyAudit(api.deps.database)).find(({ tenantId }) => tenantId === decodeTypeId('tenant', tenant.id));
  const sql = (text: string, values: unknown[] = []) => runSql(api.databaseUrl, text, values);

  /** A tenant with five entries, and its UUID. */
  async function fiveEntries(): Promise<{ tenant: TestTenant; id: string }> {
    const tenant = await api.tenant();
    for (const description of ['a "quoted" one', 'ünïcode \u2028 🦊', 'back\\slash', '\u0001\u007f', '</x>']) {
      await addKey(api, tenant.id, ['usage:read']);
      await api.request('PUT', `/v1/event-types/own.type`, { key: tenant.key, body: { description } });
    }
    return { tenant, id: decodeTypeId('tenant', tenant.id) as string };
  }

  const asSuperuser = (statement: string, id: string) =>
    sql(`DO $$ BEGIN SET LOCAL session_replication_role = replica; ${statement.replaceAll(':id', `'${id}'`)}; END $$`);

  const forget = (id: string) =>
    asSuperuser('DELETE FROM audit_entries WHERE tenant_id = :id; DELETE FROM audit_chains WHERE tenant_id = :id', id);

  test('holds whatever the names in it are, and changes that come at once leave no gap', async () => {
    const { body } = await api.request('POST', '/v1/tenants', { key: api.adminKey, body: { name: 'Acme' } });
    const tenant = { id: body.id, key: body.api_key };
    const odd = 'ünï "q" \\ \u2028 🦊 \u0001\u007f/';
    const { body: key } = await api.request('POST', `/v1/tenants/${tenant.id}/api-keys`, {
      key: api.adminKey,
      body: { name: odd, scopes: ['webhooks:write'] },
    });
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => addEndpoint(api, key.api_key)));
    }
    const entries = await entriesFor(tenant.key);
    expect(entries.map(({ number }) => number)).toEqual(
      expect.arrayContaining(Array.from({ length: 31 }, (_, index) => index + 1)),
    );
    expect(entries.find(({ action }) => action === 'createEndpoint')).toMatchObject({ key_name: odd });
    expect(await reportOf(tenant)).toMatchObject({ end: { number: 31 }, broken: null });
  });

  test('is verified by a command, which names what is broken and fails', async () => {
    const { tenant, id } = await fiveEntries();
    const verify = () =>
      new Promise<{ code: number | null; text: string }>((resolve) => {
        const env = { ...process.env, DATABASE_URL: api.databaseUrl };
        const child = execFile(process.execPath, ['packages/store/dist/verify-audit-main.js'], { env }, (_, text) =>
          resolve({ code: child.exitCode, text }),
        );
      });
    const whole = await verify();
    expect(whole).toEqual({ code: 0, text: expect.stringContaining(`${tenant.id}  10 entries, whole, ends with `) });
    await asSuperuser("UPDATE audit_entries SET action = 'x' WHERE tenant_id = :id AND number = 3", id);
    const broken = await verify();
    expect(broken).toEqual({
      code: 1,
      text: expect.stringContaining(`${tenant.id}  BROKEN at entry 3: it was altered`),
    });
    await forget(id);
  });

  test('refuses UPDATE, DELETE and TRUNCATE', async () => {
    for (const statement of [
      "UPDATE audit_entries SET action = 'x'",
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
      'DELETE FROM audit_chains',
      'TRUNCATE audit_chains',
    ]) {
      await expect(sql(statement)).rejects.toThrow('append-only');
    }
  });

  test.each([
    ['an altered action', "UPDATE audit_entries SET action = 'x' WHERE tenant_id = :id AND number = 3", 3],
    ['an altered time', "UPDATE audit_entries SET at = at + interval '1 ms' WHERE tenant_id = :id AND number = 2", 2],
    ['an altered address', 'UPDATE audit_entries SET address = NULL WHERE tenant_id = :id AND number = 4', 4],
    ['a removed entry', 'DELETE FROM audit_entries WHERE tenant_id = :id AND number = 3', 4],
    ['a removed first entry', 'DELETE FROM audit_entries WHERE tenant_id = :id AND number = 1', 2],
    ['removed last entries', 'DELETE FROM audit_entries WHERE tenant_id = :id AND number > 7', 8],
    ['a removed end', 'DELETE FROM audit_chains WHERE tenant_id = :id', 1],
    [
      'an entry that was hashed anew',
      `UPDATE audit_entries SET action = 'x', hash = sha256('x') WHERE tenant_id = :id AND number = 5`,
      5,
    ],
    [
      'two entries that changed places',
      'UPDATE audit_entries SET number = number + 100 WHERE tenant_id = :id AND number IN (5, 6); UPDATE audit_entries SET number = 111 - number WHERE tenant_id = :id AND number > 100',
      5,
    ],
  ])('shows %s, and where', async (_, statement, number) => {
    const { tenant, id } = await fiveEntries();
    expect((await reportOf(tenant))?.broken).toBeNull();
    await asSuperuser(statement, id);
    const report = await reportOf(tenant);
    expect(report?.broken).toMatchObject({ number });
    // The others' chains are their own.
    const broken = (await verifyAudit(api.deps.database)).filter((each) => each.broken !== null);
    expect(broken.map(({ tenantId }) => tenantId)).toEqual([id]);
    await forget(id);
  });
});
