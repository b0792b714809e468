import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import {
  type ApiAnswer,
  addEndpoint,
  addEvent,
  deliveriesOf,
  startApi,
  type TestApi,
  type TestTenant,
} from './start-api.ts';

type Schema = Record<string, unknown>;
interface Operation {
  readonly operationId: string;
  readonly parameters?: { in: string; name: string; schema: Schema }[];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
  readonly responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
interface Document {
  readonly openapi: string;
  readonly components: { schemas: Record<string, Schema> };
  readonly paths: Record<string, Record<string, Operation>>;
}

const RUNS_PER_OPERATION = 40;

let api: TestApi;
let tenant: TestTenant;
let document: Document;
let ids: Record<string, string>;

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  document = JSON.parse((await api.request('GET', '/openapi.json')).text) as Document;
});
afterAll(() => api.close());

/** Objects of their own for each operation, since one before may have deleted them. */
async function makeObjects(): Promise<void> {
  const endpoint = await addEndpoint(api, tenant.key);
  const event = await addEvent(api, tenant.key);
  // Of the new endpoint: an earlier one may be disabled by now, and its delivery final.
  const deliveries = await deliveriesOf(api, tenant.key, event.id);
  const delivery = deliveries.find(({ endpoint_id: id }) => id === endpoint.id) ?? deliveries[0];
  const { body } = await api.request('POST', `/v1/tenants/${tenant.id}/api-keys`, {
    key: api.adminKey,
    body: { name: 'x', scopes: ['usage:read'] },
  });
  const { body: recovery } = await api.request('POST', `/v1/webhook-endpoints/${endpoint.id}/recover`, {
    key: tenant.key,
    body: { since: '1970-01-01T00:00:00Z' },
  });
  ids = {
    none: body.id,
    'webhook-endpoints': endpoint.id,
    webhooks: endpoint.id,
    events: event.id,
    'webhook-deliveries': delivery.id,
    tenants: tenant.id,
    lifecycles: 'connection',
    profiles: 'own-profile',
    recoveries: recovery.id,
  };
  const own = { name: 'own-profile', extends: 'connect-domain' };
  await api.request('POST', '/v1/profiles', { key: tenant.key, body: own });
  const subject = `/v1/lifecycles/connection/${body.id}/transitions`;
  await api.request('POST', subject, { key: tenant.key, body: { to: 'created' } });
}

/** The document's schema with its references written out. */
function resolve(schema: Schema): Schema {
  const ref = schema['$ref'];
  return typeof ref === 'string'
    ? resolve(document.components.schemas[ref.split('/').at(-1) as string] as Schema)
    : schema;
}

const bounds = (schema: Schema, low: string, high: string, most: number) => ({
  minLength: Number(schema[low] ?? 0),
  maxLength: Math.min(Number(schema[high] ?? most), Math.max(most, Number(schema[low] ?? 0))),
});

function ofObject(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  if (properties.length === 0)
    return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  const required = (schema['required'] ?? []) as string[];
  return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, arbitrary(inner, depth + 1)])), {
    requiredKeys: required,
  });
}

/** Schemas may hold themselves; what is deeper is any value. */
const MAX_SCHEMA_DEPTH = 8;

/** Values that a schema of the document allows, its examples among them. */
function arbitrary(given: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (depth > MAX_SCHEMA_DEPTH) return fc.jsonValue({ maxDepth: 0 });
  const schema = resolve(given);
  const examples = [schema['examples'] ?? [], schema['example'] ?? []].flat();
  return examples.length > 0 ? fc.oneof(fc.constantFrom(...examples), ofType(schema, depth)) : ofType(schema, depth);
}

function ofType(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const']);
  if (schema['enum']) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if (schema['anyOf']) return fc.oneof(...(schema['anyOf'] as Schema[]).map((one) => arbitrary(one, depth + 1)));
  switch (schema['type']) {
    case 'object':
      return ofObject(schema, depth);
    case 'array':
      if (schema['prefixItems']) {
        return fc.tuple(...(schema['prefixItems'] as Schema[]).map((one) => arbitrary(one, depth + 1)));
      }
      return fc.array(arbitrary(schema['items'] as Schema, depth + 1), bounds(schema, 'minItems', 'maxItems', 3));
    case 'integer':
      return fc.integer({
        min: Number(schema['minimum'] ?? 0),
        max: Math.min(Number(schema['maximum'] ?? 1_000), 1_000_000_000),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      if (schema['format'] === 'date-time')
        return fc
          .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
          .map((date) => date.toISOString());
      return fc.string({ unit: 'grapheme', ...bounds(schema, 'minLength', 'maxLength', 30) });
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

/** What callers get wrong, and what attackers try. */
const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '__proto__',
    "' OR 1=1 --",
    '../../etc',
    '%00',
    '9'.repeat(400),
    '🦊'.repeat(300),
    -1,
    Number.MAX_VALUE,
    2 ** 53,
    true,
    [],
    {},
  ),
);

function mutated(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(valid, fc.string({ maxLength: 6 }), nasty, fc.nat()).map(([value, name, wrong, pick]) => {
    if (typeof value !== 'object' || value === null) return wrong;
    const keys = Object.keys(value);
    const key = pick % 3 === 0 || keys.length === 0 ? name : (keys[pick % keys.length] as string);
    return { ...value, [key]: wrong };
  });
}

const queryText = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\p{Surrogate}/gu, '?');

function queryOf({ parameters = [] }: Operation): fc.Arbitrary<string> {
  const fields = parameters.filter((parameter) => parameter.in === 'query');
  const values = fields.map(({ name, schema }) => [name, fc.oneof(arbitrary(schema), nasty)] as const);
  const right = fields
    .filter(({ name }) => name !== 'cursor')
    .map(({ name, schema }) => [name, arbitrary(schema)] as const);
  const given = [values, right].map((set) => fc.record(Object.fromEntries(set), { requiredKeys: [] }));
  return fc.oneof(...given).map((query) => {
    const pairs = Object.entries(query as object).map(
      ([name, value]) => `${name}=${encodeURIComponent(queryText(value))}`,
    );
    return pairs.length > 0 ? `?${pairs.join('&')}` : '';
  });
}

const idFor = (path: string): string => ids[path.split('/')[2] as string] ?? 'own.type';

/** What the document itself shows as a request, which must work. */
const firstExample = (schema: Schema | undefined): unknown =>
  schema && (resolve(schema)['examples'] as unknown[] | undefined)?.[0];

const segment = (path: string) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(idFor(path)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('ep_01h455vb4pex5vsknk084sn02q', 'x', '%00', '%ff', '%2e%2ex', 'a'.repeat(500)),
    },
  );

function check(operation: Operation, answer: ApiAnswer): void {
  const spec = operation.responses[String(answer.status)] ?? operation.responses['4XX'];
  expect({
    status: answer.status,
    text: answer.status >= 500 ? answer.text : '',
    documented: Boolean(spec),
  }).toMatchObject({
    documented: true,
    text: '',
  });
  expect(answer.headers.get('x-request-id')).toBeTruthy();
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] as string;
  if (!spec?.content) return expect(answer.text).toBe('');
  expect(Object.keys(spec.content)).toContain(type);
  if (!type.endsWith('json')) return;
  const validate = validatorOf(spec.content[type]?.schema ?? {});
  expect({ valid: validate(answer.body), errors: validate.errors ?? [] }).toEqual({ valid: true, errors: [] });
}

const validators = new Map<string, ValidateFunction>();

/** The document's references start at its root, so its components come along. */
function validatorOf(schema: Schema): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = validators.get(text);
  if (known) return known;
  const made = new Ajv2020({ strict: false, validateFormats: false }).compile({
    ...schema,
    components: document.components,
  });
  validators.set(text, made);
  return made;
}

test('the document is OpenAPI 3.1 and every operation has an id of its own', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

describe('no input is answered with an undocumented status, a 5xx, or a body of another shape', () => {
  // Written out, since tests must be named before the document can be fetched.
  test('for every operation of the document', async () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    const reached = new Map<string, number[]>();
    for (const { path, method, operation } of operations) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const body = schema ? fc.oneof(arbitrary(schema), mutated(arbitrary(schema)), nasty) : fc.constant(undefined);
      const key = path.startsWith('/v1/tenants') ? api.adminKey : tenant.key;
      const statuses = new Set<number>();
      await makeObjects();
      await fc.assert(
        fc.asyncProperty(
          body,
          queryOf(operation),
          segment(path),
          segment('/v1/none'),
          async (content, query, id, second) => {
            const target = path.replace(/\{\w+\}/, id).replace(/\{\w+\}/, second);
            const answer = await api.request(method.toUpperCase(), `${target}${query}`, { key, body: content });
            statuses.add(answer.status);
            check(operation, answer);
          },
        ),
        { numRuns: RUNS_PER_OPERATION, examples: [[firstExample(schema), '', idFor(path), idFor('/v1/none')]] },
      );
      reached.set(operation.operationId, [...statuses]);
    }
    const neverAccepted = [...reached].filter(([, statuses]) => !statuses.some((status) => status < 300));
    expect(neverAccepted.map(([operationId]) => operationId)).toEqual([]);
  });
});
