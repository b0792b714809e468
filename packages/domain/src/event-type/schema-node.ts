/** A whole schema, into which its references point. */
export interface SchemaDocument {
  readonly name: 'old' | 'new';
  readonly root: unknown;
  /** An `$id` below the root moves what `#` means there, so references cannot be followed by their text. */
  readonly hasInnerIds: boolean;
}

/** A schema, or one inside it; anything that JSON can say. */
export interface SchemaNode {
  readonly schema: unknown;
  readonly document: SchemaDocument;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A schema that is an object. */
export interface SchemaPart extends SchemaNode {
  readonly schema: JsonObject;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member that the object itself has: a schema may well describe a field named `constructor`. */
export const own = (object: unknown, key: string): unknown =>
  isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;

export const isPart = (node: SchemaNode): node is SchemaPart => isObject(node.schema);

// A loop, not a recursion: nesting is the caller's choice, the stack is ours.
function hasInnerIds(root: unknown): boolean {
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value !== root && typeof own(value, '$id') === 'string') return true;
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) open.push(inner);
  }
  return false;
}

export function openDocument(name: SchemaDocument['name'], root: unknown): SchemaNode {
  return { schema: root, document: { name, root, hasInnerIds: hasInnerIds(root) } };
}
