import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routeTable } from '../src/routes/route-table.ts';
import { makeFuzzSubject } from './fuzz-subject.ts';
import { exampleOf } from './generate-requests.ts';
import { bodySchemaOf, type OpenapiDocument, readDocument, resolve, routesOf, scopeOf } from './openapi-document.ts';
import { startApi, type TestApi } from './start-api.ts';

let api: TestApi;
let document: OpenapiDocument;
beforeAll(async () => {
  api = await startApi();
  document = await readDocument(api);
});
afterAll(() => api.close());

test('the document is OpenAPI 3.1 and every operation has an id of its own', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  const operations = routesOf(document).map(({ operation }) => operation.operationId);
  expect(new Set(operations).size).toBe(operations.length);
});

test('it has every route, with the scope that a key needs for it', () => {
  const documented = routesOf(document).map(({ method, path, operation }) => `${method} ${path} ${scopeOf(operation)}`);
  const registered = routeTable.map(({ method, path, scope }) => `${method.toUpperCase()} ${path} ${scope}`);
  expect(new Set(documented)).toEqual(new Set(registered));
});

test('every body that a route takes has an example', () => {
  const without = routesOf(document).filter(({ operation }) => {
    const schema = bodySchemaOf(operation);
    return schema && !Array.isArray(resolve(schema, document)['examples']);
  });
  expect(without.map(({ operation }) => operation.operationId)).toEqual([]);
});

/** Answers that show a key or a secret, whose fields are named so. */
const secretFields = ['api_key', 'signing_secret'];

test('no answer that shows a secret may be kept by anyone on its way', async () => {
  const showing = routesOf(document).filter(({ operation }) =>
    Object.values(operation.responses).some(({ content = {} }) => {
      const schema = content['application/json']?.schema;
      const shown = schema ? Object.keys(resolve(schema, document)['properties'] ?? {}) : [];
      return secretFields.some((name) => shown.includes(name));
    }),
  );
  const subject = await makeFuzzSubject(api, 'mine');
  const material = { document, mine: subject, other: subject, adminKey: api.adminKey };
  expect(showing.map(({ operation }) => operation.operationId)).toContain('rotateSecret');
  for (const route of showing) {
    const { method, path, headers, body } = exampleOf(route, material);
    const answer = await api.request(method, path, { headers, ...(body !== undefined && { raw: body }) });
    expect(answer.text).toMatch(/"(api_key|signing_secret)":"\w+/);
    expect([route.operation.operationId, answer.headers.get('cache-control')]).toEqual([
      route.operation.operationId,
      'no-store',
    ]);
  }
});

test('the live stream is in the document too, with its filters', () => {
  const stream = document.paths['/v1/stream']?.['get'];
  expect(stream?.operationId).toBe('streamDeliveries');
  expect(stream?.parameters?.map(({ name }) => name)).toEqual(expect.arrayContaining(['status', 'after', 'watch']));
  expect(Object.keys(stream?.responses['200']?.content ?? {})).toEqual(['text/event-stream']);
});
