import { isObject, type SchemaNode } from './schema-node.ts';

/** Every family of keywords looks at every schema. */
const STEPS_FOR_NODE = 10;

const countEntries = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Object.keys(value).length : 1;

const countMembers = (schema: unknown): number =>
  isObject(schema) ? Object.values(schema).reduce((sum: number, value) => sum + countEntries(value), 0) : 0;

/** About how much work it is to look at schemas once: their number, their members, and the entries of lists in them. */
export const countSteps = (nodes: readonly SchemaNode[]): number =>
  nodes.reduce((sum, { schema }) => sum + STEPS_FOR_NODE + countMembers(schema), 0);
