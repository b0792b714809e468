import { isObject, type JsonObject, own, type SchemaNode, type SchemaPart } from './schema-node.ts';

export function readNumber({ schema }: SchemaPart, keyword: string): number | undefined {
  const value = own(schema, keyword);
  return typeof value === 'number' ? value : undefined;
}

export function readText({ schema }: SchemaPart, keyword: string): string | undefined {
  const value = own(schema, keyword);
  return typeof value === 'string' ? value : undefined;
}

export function readList({ schema }: SchemaPart, keyword: string): readonly unknown[] {
  const value = own(schema, keyword);
  return Array.isArray(value) ? value : [];
}

export const readTexts = (part: SchemaPart, keyword: string): readonly string[] =>
  readList(part, keyword).filter((each) => typeof each === 'string');

export function readMap({ schema }: SchemaPart, keyword: string): JsonObject {
  const value = own(schema, keyword);
  return isObject(value) ? value : {};
}

/** The schema under a keyword; none where the keyword is missing, which accepts everything. */
export function readSchema({ schema, document }: SchemaPart, keyword: string): SchemaNode[] {
  const value = own(schema, keyword);
  return value === undefined ? [] : [{ schema: value, document }];
}

/** The schema under a name of a keyword that maps names to schemas. */
export function readNamed(part: SchemaPart, keyword: string, name: string): SchemaNode[] {
  const value = own(readMap(part, keyword), name);
  return value === undefined ? [] : [{ schema: value, document: part.document }];
}

export const readSchemas = (part: SchemaPart, keyword: string): SchemaNode[] =>
  readList(part, keyword).map((schema) => ({ schema, document: part.document }));
