import type { Comparison } from './comparison.ts';
import { readMap, readNamed, readSchema, readSchemas } from './read-keyword.ts';
import { own, type SchemaNode, type SchemaPart } from './schema-node.ts';
import { writeCanonical } from './write-canonical.ts';

type Covers = Comparison['covers'];
/** Whether what is known implies the keyword. */
type Follows = (comparison: Comparison) => boolean;

const everything = (document: SchemaNode['document']): SchemaNode => ({ schema: true, document });

/** Both have the schema, and each covers the other. */
const equal = (covers: Covers, a: readonly SchemaNode[], b: readonly SchemaNode[]): boolean =>
  a.length === b.length &&
  a.every((each, index) => covers([each], b[index] ?? each) && covers(b.slice(index, index + 1), each));

const anyOf: Follows = ({ from, to, covers }) => {
  const choices = readSchemas(to, 'anyOf');
  if (choices.some((choice) => covers(from, choice))) return true;
  return from.some((part) => {
    const known = readSchemas(part, 'anyOf');
    return known.length > 0 && known.every((each) => choices.some((choice) => covers([each], choice)));
  });
};

const oneOf: Follows = ({ from, to, covers }) =>
  from.some((part) => equal(covers, readSchemas(part, 'oneOf'), readSchemas(to, 'oneOf')));

const not: Follows = ({ from, to, covers }) =>
  from.some((part) => readSchema(part, 'not').some((refused) => covers(readSchema(to, 'not'), refused)));

const condition: Follows = ({ from, to, covers }) =>
  from.some(
    (part) =>
      equal(covers, readSchema(part, 'if'), readSchema(to, 'if')) &&
      ['then', 'else'].every((branch) => {
        const [wanted = everything(to.document)] = readSchema(to, branch);
        return covers(readSchema(part, branch), wanted);
      }),
  );

const sameText = (part: SchemaPart, to: SchemaPart, keyword: string): boolean => {
  const text = writeCanonical(own(part.schema, keyword));
  return text !== null && !text.includes('"$ref"') && text === writeCanonical(own(to.schema, keyword));
};

const contains: Follows = ({ from, to, covers }) =>
  from.some(
    (part) =>
      equal(covers, readSchema(part, 'contains'), readSchema(to, 'contains')) &&
      ['minContains', 'maxContains'].every((keyword) => sameText(part, to, keyword)),
  );

const dependentSchemas: Follows = ({ from, to, covers }) =>
  Object.entries(readMap(to, 'dependentSchemas')).every(([name, schema]) =>
    covers(
      from.flatMap((part) => readNamed(part, 'dependentSchemas', name)),
      { schema, document: to.document },
    ),
  );

const propertyNames: Follows = ({ from, to, covers }) => {
  const isText = { schema: { type: 'string' }, document: to.document };
  const known = from.flatMap((part) => readSchema(part, 'propertyNames'));
  return readSchema(to, 'propertyNames').every((wanted) => covers([isText, ...known], wanted));
};

const sameIn =
  (keyword: string): Follows =>
  ({ from, to }) =>
    from.some((part) => sameText(part, to, keyword));

// These look at what other keywords, or other places, have seen: no two schemas that differ at all can be compared.
const isTrue =
  (keyword: string): Follows =>
  ({ to }) =>
    own(to.schema, keyword) === true;

const combinators: Readonly<Record<string, Follows>> = {
  anyOf,
  oneOf,
  not,
  if: condition,
  contains,
  dependentSchemas,
  propertyNames,
  dependentRequired: sameIn('dependentRequired'),
  dependencies: sameIn('dependencies'),
  unevaluatedItems: isTrue('unevaluatedItems'),
  unevaluatedProperties: isTrue('unevaluatedProperties'),
  $dynamicRef: isTrue('$dynamicRef'),
  $recursiveRef: isTrue('$recursiveRef'),
};

/** Keywords that join schemas. Where they are not plainly compatible it is said that they cannot be compared. */
export function compareCombinators(comparison: Comparison): void {
  const { to, path, note } = comparison;
  for (const [keyword, follows] of Object.entries(combinators)) {
    if (!Object.hasOwn(to.schema, keyword) || follows(comparison)) continue;
    const change = `has another ${keyword}, which cannot be compared and may break`;
    note(path, `${change} senders`, `${change} receivers`);
  }
}
