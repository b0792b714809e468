import { createRequire } from 'node:module';
import { type ProblemCode, problem } from '@posthorn/http-api/problem';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { AnswerSpec, RouteDescription } from '../routes/define-route.ts';
import { errorCatalog } from './error-catalog.ts';

const PROBLEM_TYPE = 'application/problem+json';
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const requestId = {
  'X-Request-Id': { description: 'Names this request in the log.', schema: { type: 'string' as const } },
};

const paramOf: Readonly<Record<string, string>> = {
  id: 'The object’s id.',
  key: 'The key’s id.',
  name: 'The event type’s or profile’s name.',
  lifecycle: 'The lifecycle’s name, as the profile has it.',
  subject: 'The subject’s name: any text of 1 to 200 characters.',
};

/** The refusals that follow from how a route is reached, besides its own. */
function refusalsOf(route: RouteDescription): ProblemCode[] {
  const known = route.access !== 'public';
  const codes: (ProblemCode | false | undefined)[] = [
    ...(route.refusals ?? []),
    known && 'unauthorized',
    known && 'forbidden',
    known && 'rate_limited',
    known && 'internal',
    known && 'unavailable',
    (route.path.includes('{') || route.access.startsWith('tenant')) && 'not_found',
    (route.access === 'tenant' || (route.query ?? route.body)) && 'invalid',
    ...(route.body ? (['payload_too_large', 'unsupported_media_type'] as const) : []),
  ] as (ProblemCode | false)[];
  return [...new Set(codes.filter((code): code is ProblemCode => Boolean(code)))];
}

function problemResponse(code: ProblemCode) {
  const { status, title, detail } = errorCatalog[code];
  const example = {
    type: `/docs/errors#${code}`,
    title,
    status,
    detail,
    code,
    ref: '019b1b8e-0000-7000-8000-000000000000',
  };
  const retry = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } } };
  const headers = status === 429 || status === 503 ? { ...requestId, ...retry } : requestId;
  return { description: detail, headers, content: { [PROBLEM_TYPE]: { schema: problem, example } } };
}

function answerResponse({ description, schema, mediaType }: AnswerSpec) {
  const type = mediaType ?? 'application/json';
  const content = schema || mediaType ? { content: { [type]: { schema: schema ?? z.string() } } } : {};
  return { description, headers: requestId, ...content };
}

function responsesOf(route: RouteDescription) {
  const answers = Object.entries(route.answers).map(([status, spec]) => [status, answerResponse(spec)]);
  const refusals = refusalsOf(route).map((code) => [String(errorCatalog[code].status), problemResponse(code)]);
  const refused = route.access === 'public' ? [['4XX', problemResponse('not_found')]] : refusals;
  return Object.fromEntries([...refused, ...answers]) as ZodOpenApiOperationObject['responses'];
}

function headersOf({ access, idempotent }: RouteDescription): z.ZodObject | undefined {
  const tenant = z
    .string()
    .optional()
    .meta({ description: 'With the operator’s key: the tenant to act as (`ten_…`).' });
  const key = z
    .string()
    .optional()
    .meta({ description: 'Makes a retry safe: the same key and body give the first answer.' });
  const fields = {
    ...(access.startsWith('tenant') && { 'X-Tenant-Id': tenant }),
    ...(idempotent && { 'Idempotency-Key': key }),
  };
  return Object.keys(fields).length > 0 ? z.object(fields) : undefined;
}

function paramsOf({ path }: RouteDescription): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const fields = names.map((name) => [name, z.string().meta({ description: paramOf[name] ?? '' })]);
  return names.length > 0 ? z.object(Object.fromEntries(fields) as Record<string, z.ZodType>) : undefined;
}

function operationOf(route: RouteDescription): ZodOpenApiOperationObject {
  const header = headersOf(route);
  const path = paramsOf(route);
  const query = route.query as z.ZodObject | undefined;
  const scope = route.scope ? ` Needs the scope \`${route.scope}\`.` : '';
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: `${route.description ?? route.summary + '.'}${scope}`,
    security: route.access === 'public' ? [] : [{ apiKey: route.scope ? [route.scope] : [] }],
    ...((header ?? path ?? query) && {
      requestParams: { ...(header && { header }), ...(path && { path }), ...(query && { query }) },
    }),
    ...(route.body && {
      requestBody: { required: !route.bodyOptional, content: { 'application/json': { schema: route.body } } },
    }),
    responses: responsesOf(route),
  };
}

function pathsOf(routes: readonly RouteDescription[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return paths;
}

/**
 * Builds the OpenAPI 3.1 document of the routes when it is first asked for.
 *
 * @returns the same bytes for all who ask: a text would be encoded for each, and copied for each that leaves it unread
 */
export function createOpenapi(routes: () => readonly RouteDescription[]): () => Buffer {
  let bytes: Buffer | undefined;
  return () => (bytes ??= Buffer.from(JSON.stringify(buildDocument(routes()))));
}

const buildDocument = (routes: readonly RouteDescription[]) =>
  createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Posthorn',
      version,
      description: 'Webhook delivery: post events, register endpoints, follow every delivery.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name, description: `${name}.` })),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A tenant’s API key, or the operator’s.' },
      },
    },
    paths: pathsOf(routes),
  });
