/** A node of the catalog: a type, a group of types by what stands before a dot, or both. */
export interface TypeNode {
  /** The whole text up to here, for example `domain.flow`. */
  readonly path: string;
  /** Whether there is a type of that very name. */
  readonly isType: boolean;
  readonly children: readonly TypeNode[];
}

function buildLevel(names: readonly string[], prefix: string): TypeNode[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const end = name.indexOf('.', prefix.length);
    const path = end === -1 ? name : name.slice(0, end);
    groups.set(path, [...(groups.get(path) ?? []), name]);
  }
  return [...groups].map(([path, members]) => {
    const deeper = members.filter((name) => name !== path);
    return { path, isType: deeper.length < members.length, children: buildLevel(deeper, `${path}.`) };
  });
}

/** A group of one says nothing: the one stands in its place. */
function foldSingles(node: TypeNode): TypeNode {
  const [only, ...others] = node.children;
  if (only && others.length === 0 && !node.isType) return foldSingles(only);
  return { ...node, children: node.children.map(foldSingles) };
}

/** The catalog grouped by the dots of its names, in the order in which they come. */
export const buildTypeTree = (names: readonly string[]): readonly TypeNode[] =>
  buildLevel([...new Set(names)], '').map(foldSingles);

/** Every type at a node and below it. */
export const typesOf = ({ path, isType, children }: TypeNode): readonly string[] => [
  ...(isType ? [path] : []),
  ...children.flatMap(typesOf),
];

/** The selection after a node was ticked or unticked: all of its types are in, or none. */
export function toggleTypes(chosen: readonly string[], types: readonly string[], wanted: boolean): readonly string[] {
  const others = chosen.filter((type) => !types.includes(type));
  return wanted ? [...others, ...types] : others;
}
