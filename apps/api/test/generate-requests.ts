import fc from 'fast-check';
import { type FuzzSubject, nobodys } from './fuzz-subject.ts';
import { nasty, valuesOf } from './generate-values.ts';
import {
  actsForTenant,
  bodySchemaOf,
  type DocumentedRoute,
  type OpenapiDocument,
  type Operation,
  resolve,
  scopeOf,
} from './openapi-document.ts';

/** A request as it goes out. */
export interface GeneratedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** What requests are made from. */
export interface Material {
  readonly document: OpenapiDocument;
  readonly mine: FuzzSubject;
  readonly other: FuzzSubject;
  readonly adminKey: string;
}

const often = <Value>(weight: number, usual: fc.Arbitrary<Value>, odd: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** Percent-encodes, half surrogate pairs as `?`. */
const encodeText = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'));

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const eventOf = (characters: number): string =>
  `{"type":"domain.verified","data":{"hostname":"a","more":"${'x'.repeat(characters)}"}}`;
/** Around and far beyond what is taken. Rare, since they take most of the time. */
const largeBodies = fc.constantFrom(
  nested(100_000),
  '['.repeat(200_000),
  `"${'x'.repeat(262_143)}"`,
  eventOf(262_144),
  `{"events":[${Array.from({ length: 4 }, () => eventOf(250_000)).join(',')}]}`,
  eventOf(8_000_000),
);

const oddBodies: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 1, arbitrary: largeBodies },
  {
    weight: 20,
    arbitrary: fc.constantFrom<string | Buffer>(
      '',
      ' ',
      '[',
      '{',
      'null',
      '0',
      '"text"',
      '{"a":1',
      '{"":{}}',
      '\ufeff{}',
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"type":"domain.verified","type":1,"data":{},"data":{"hostname":"a"}}',
      '{"type":"domain.verified","data":{"hostname":"\\ud800\\u0000","n":1e400,"m":-0,"k":123456789012345678901234567890}}',
      `{"type":"domain.verified","data":{"hostname":"a","deep":${nested(62)}}}`,
      `{"type":"domain.verified","data":{"hostname":"a","deep":${nested(63)}}}`,
      '"unended',
      '"\\',
      Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
      Buffer.from([0x22, 0xc3, 0x28, 0x22]),
      Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
    ),
  },
  { weight: 5, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 5, arbitrary: fc.json({ maxDepth: 5 }) },
);

/** Puts something odd at some place of a value, however deep. */
function mutate(value: unknown, wrong: unknown, picks: readonly number[]): unknown {
  const [pick = 0, ...further] = picks;
  if (typeof value !== 'object' || value === null || picks.length === 0) return wrong;
  const keys = Object.keys(value);
  const key = keys[pick % (keys.length + 1)] ?? ['__proto__', 'constructor', 'extra'][pick % 3] ?? 'extra';
  const inner = mutate((value as Record<string, unknown>)[key], wrong, pick % 2 === 0 ? further : []);
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === key ? inner : (one as unknown)));
  const entries = Object.entries(value).filter(([name]) => name !== key || pick % 5 !== 0);
  return Object.fromEntries([...entries, [key, inner]]);
}

/** Cuts, repeats or breaks text that was valid JSON. */
const damaged = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.nat(), fc.constantFrom('', '\u0000', '"', '{', ']', ',', '\\', '\ud800', ' ', '1e999', '\u2028'))
    .map(([whole, at, piece]) => {
      const place = at % (whole.length + 1);
      return whole.slice(0, place) + piece + whole.slice(place + (at % 2));
    });

/** The first member of an object once more: of a name that stands twice the last wins. */
const doubled = (text: string, value: unknown): string => {
  const [name] = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return name === undefined || !text.endsWith('}') ? text : `${text.slice(0, -1)},${JSON.stringify(name)}:null}`;
};

function bodiesOf(operation: Operation, document: OpenapiDocument): fc.Arbitrary<string | Buffer | undefined> {
  const schema = bodySchemaOf(operation);
  if (!schema) return fc.option(oddBodies, { nil: undefined, freq: 8 });
  const valid = valuesOf(schema, document);
  const text = valid.map((value) => JSON.stringify(value));
  const mutated = fc
    .tuple(valid, nasty, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }))
    .map(([value, wrong, picks]) => JSON.stringify(mutate(value, wrong, picks)));
  return fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 10, arbitrary: mutated },
    { weight: 3, arbitrary: damaged(text) },
    { weight: 1, arbitrary: valid.map((value) => doubled(JSON.stringify(value), value)) },
    { weight: 3, arbitrary: oddBodies },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

const oddSegments = fc.oneof(
  fc.constantFrom(
    'x',
    '.',
    '..',
    '%00',
    '%ff',
    '%ed%a0%80',
    '%',
    '%2e%2e%2f',
    '__proto__',
    'constructor',
    'a'.repeat(500),
    'evt_7zzzzzzzzzzzzzzzzzzzzzzzzz',
    'evt_8zzzzzzzzzzzzzzzzzzzzzzzzz',
    '%F0%9F%A6%8A'.repeat(200),
    ';jsessionid=1',
    '*',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map((text) => encodeText(text)),
);

function segmentsOf({ path, operation }: DocumentedRoute, { mine, other }: Material): fc.Arbitrary<string> {
  const parts = path.split('/').slice(1);
  const forOperator = scopeOf(operation) === 'apps:admin';
  const made = parts.map((part, index) => {
    if (!part.startsWith('{')) return fc.constant(part);
    const resource = resourceAt(parts, index);
    const own = mine.own[resource] ?? nobodys(resource);
    const known = [own, own, nobodys(resource), mine.gone[resource], ...Object.values(mine.own)];
    const strange = forOperator ? [] : [other.own[resource]];
    const ids = [...known, ...strange].filter((id) => id !== undefined);
    return often(6, often(1, fc.constant(own), fc.constantFrom(...ids)), oddSegments.filter(isSegment));
  });
  return fc.tuple(...made).map((chosen) => `/${chosen.join('/')}`);
}

/** What would end the path, or be no part of it, is another route's business. */
const isSegment = (text: string): boolean => text !== '' && !/[/?#]/.test(text);

const queryText = (value: unknown): string => encodeText(typeof value === 'string' ? value : JSON.stringify(value));

const tampered = (cursors: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...cursors), fc.nat(), fc.constantFrom('A', '-', '_', '%3D', ''))
    .map(([cursor, at, one]) => {
      const place = at % cursor.length;
      return cursor.slice(0, place) + one + cursor.slice(place + 1);
    });

const forged = fc
  .constantFrom(
    '1 id ',
    '1 id 00000000-0000-0000-0000-00000000000x',
    '1 number 99999',
    '1 number 1e3',
    '2 id x',
    '1 name tenant ',
  )
  .map((text) => Buffer.from(text).toString('base64url'));

function cursorsOf({ mine, other }: Material): fc.Arbitrary<string> {
  const known = [...mine.cursors, ...other.cursors];
  return fc.oneof(
    fc.constantFrom(...known),
    tampered(known),
    forged,
    fc.base64String({ maxLength: 60 }).map(queryText),
  );
}

const oddQueries = fc.constantFrom(
  '%',
  'limit=%00',
  '__proto__=1',
  'constructor=1',
  'limit=1&limit=2',
  'limit[]=1',
  '&&=&',
  'a'.repeat(2_000),
);

function queriesOf({ operation }: DocumentedRoute, material: Material): fc.Arbitrary<string> {
  const fields = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const values = fields.map(({ name, schema }) => {
    const text = often(3, valuesOf(schema, material.document), nasty).map(queryText);
    return [name, name === 'cursor' ? cursorsOf(material) : text] as const;
  });
  const usual = fc.record(Object.fromEntries(values), { requiredKeys: [] }).map((query) =>
    Object.entries(query)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join('&'),
  );
  return often(10, usual, oddQueries).map((query) => (query === '' ? '' : `?${query}`));
}

const oddContentTypes = fc.constantFrom(
  'text/plain',
  'application/json; charset=utf-16',
  'application/json;',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/vnd.api+json',
  `application/${'a+'.repeat(2_000)}`,
  'APPLICATION/JSON',
  '',
);

/** As header values travel: Latin-1, without controls. */
const headerText = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff })), { maxLength: 300 })
  .map((codes) => String.fromCharCode(...codes));

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constantFrom<Record<string, string>>(
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'identity' },
    { 'if-none-match': '*' },
    { 'if-match': '"x"' },
    { range: 'bytes=999999999-' },
    { expect: '100-continue' },
    { expect: 'nonsense' },
    { upgrade: 'websocket', connection: 'upgrade' },
    { accept: 'text/html;q=0, */*;q=0' },
    { 'x-request-id': 'mine' },
    { 'x-http-method-override': 'DELETE' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '1.2.3.4' },
    { cookie: `a=${'b'.repeat(4_000)}` },
  ),
  fc.dictionary(fc.stringMatching(/^x-[a-z]{1,10}$/), headerText, { maxKeys: 3 }),
);

type Sender = Readonly<{ authorization?: string; 'x-tenant-id'?: string }>;

function sendersOf({ operation }: DocumentedRoute, { mine, other, adminKey }: Material): fc.Arbitrary<Sender> {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const right = scopeOf(operation) === 'apps:admin' ? bearer(adminKey) : bearer(mine.tenant.key);
  const actsAs = (id: string) => ({ ...bearer(adminKey), 'x-tenant-id': id });
  const asTenants = actsForTenant(operation)
    ? [actsAs(mine.tenant.id), actsAs(nobodys('tenants')), actsAs('nonsense'), bearer(adminKey)]
    : [];
  const odd = fc.constantFrom<Sender>(
    {},
    bearer(mine.keys.narrow),
    bearer(mine.keys.revoked),
    bearer(mine.tenant.key),
    bearer(`${mine.tenant.key.slice(0, -2)}zz`),
    { authorization: 'Bearer' },
    { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
    { authorization: `Bearer ${'x'.repeat(5_000)}` },
    { ...bearer(mine.tenant.key), 'x-tenant-id': other.tenant.id },
    ...asTenants,
  );
  return often(6, fc.constant<Sender>(right), odd);
}

function headersOf(route: DocumentedRoute, material: Material): fc.Arbitrary<Record<string, string>> {
  const keyed = route.operation.parameters?.some(({ name }) => name === 'Idempotency-Key') === true;
  const key = fc.oneof(fc.constantFrom('k', material.other.own['connection'] ?? ''), headerText);
  const keys = keyed ? fc.option(key, { nil: undefined, freq: 2 }) : fc.constant(undefined);
  const type = often(10, fc.constant('application/json'), oddContentTypes);
  const none = fc.constant({});
  return fc
    .tuple(sendersOf(route, material), type, keys, often(5, none, oddHeaders))
    .map(([sender, contentType, idempotencyKey, extra]) => ({
      ...(contentType !== '' && { 'content-type': contentType }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...extra,
      ...sender,
    }));
}

/** Requests of one route: what its document describes, what is nearly that, and what is not that at all. */
export const requestsOf = (route: DocumentedRoute, material: Material): fc.Arbitrary<GeneratedRequest> =>
  fc
    .tuple(
      segmentsOf(route, material),
      queriesOf(route, material),
      headersOf(route, material),
      bodiesOf(route.operation, material.document),
    )
    .map(([path, query, headers, body]) => ({ method: route.method, path: `${path}${query}`, headers, body }));

/** The body that the document itself shows. */
export function exampleBodyOf(operation: Operation, document: OpenapiDocument): unknown {
  const schema = bodySchemaOf(operation);
  return schema && ((resolve(schema, document)['examples'] as readonly unknown[] | undefined)?.[0] ?? {});
}

/** What an id in a path names: of `/v1/tenants/{id}/api-keys/{key}` the part before each. */
const resourceAt = (parts: readonly string[], index: number): string => {
  const before = parts[index - 1] ?? '';
  return before.startsWith('{') ? 'connection' : before;
};

/** Writes an id into each place of a path that has one. */
export const fillPath = (path: string, idOf: (resource: string, position: number) => string): string => {
  let position = 0;
  return path
    .split('/')
    .map((part, index, parts) => (part.startsWith('{') ? idOf(resourceAt(parts, index), position++) : part))
    .join('/');
};

/** The example's request, by whom and to what it is meant for; it must work. */
export function exampleOf({ method, path, operation }: DocumentedRoute, material: Material): GeneratedRequest {
  const { mine, adminKey, document } = material;
  const body = exampleBodyOf(operation, document);
  const key = scopeOf(operation) === 'apps:admin' ? adminKey : mine.tenant.key;
  return {
    method,
    path: fillPath(path, (resource) => mine.own[resource] ?? 'x'),
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}
