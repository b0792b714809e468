import type { TestApi } from './start-api.ts';

export type Schema = Readonly<Record<string, unknown>>;

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly security: readonly { readonly apiKey?: readonly string[] }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export interface OpenapiDocument {
  readonly openapi: string;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A route as the document has it. */
export interface DocumentedRoute {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Asks the API for its own description. */
export const readDocument = async (api: TestApi): Promise<OpenapiDocument> =>
  JSON.parse((await api.request('GET', '/openapi.json')).text) as OpenapiDocument;

/** A stream has no end that a test could wait for; it has tests of its own. */
const isStream = ({ responses }: Operation): boolean => responses['200']?.content?.['text/event-stream'] !== undefined;

export const routesOf = ({ paths }: OpenapiDocument): DocumentedRoute[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => !isStream(operation))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** The schema that a reference of the document points to. */
export function resolve(schema: Schema, document: OpenapiDocument): Schema {
  const ref = schema['$ref'];
  return typeof ref === 'string'
    ? resolve(document.components.schemas[ref.split('/').at(-1) as string] as Schema, document)
    : schema;
}

export const bodySchemaOf = ({ requestBody }: Operation): Schema | undefined =>
  requestBody?.content?.['application/json']?.schema;

/** The scope that a caller needs; `null`: none, or no key at all. */
export const scopeOf = ({ security }: Operation): string | null => security[0]?.apiKey?.[0] ?? null;

export const needsKey = ({ security }: Operation): boolean => security.length > 0;

/** Whether a tenant's own objects are what the route works on, also for the operator who acts as that tenant. */
export const actsForTenant = ({ parameters = [] }: Operation): boolean =>
  parameters.some(({ name }) => name === 'X-Tenant-Id');
