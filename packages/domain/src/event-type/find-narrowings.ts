import { acceptedKinds, typedKinds } from './accepted-kinds.ts';
import type { BrokenSide } from './breaking-change.ts';
import { compareArrays } from './compare-arrays.ts';
import { compareCombinators } from './compare-combinators.ts';
import { compareNumbers } from './compare-numbers.ts';
import { compareObjects } from './compare-objects.ts';
import { compareSizes } from './compare-sizes.ts';
import { compareTexts } from './compare-texts.ts';
import { compareListed, compareTypes } from './compare-values.ts';
import type { Comparison } from './comparison.ts';
import { countSteps } from './count-steps.ts';
import { createProven, type Proven } from './create-proven.ts';
import { isPart, type SchemaNode, type SchemaPart } from './schema-node.ts';
import { type Conjunction, splitConjunction } from './split-conjunction.ts';

const MAX_DEPTH_LEVELS = 48;
const MAX_STEPS = 100_000;
const MAX_NARROWINGS = 100;
const TOO_LARGE = 'is too large to be compared further';

/** Something that `to` may refuse although `from` accepts it, in words for either side. */
export interface Narrowing {
  readonly path: string;
  readonly senders: string;
  readonly receivers: string;
}

/** One walk through both schemas, or a walk aside that only wants to know whether there is anything. */
interface Walk {
  readonly asks: Comparison['asks'];
  readonly proven: Proven;
  readonly budget: { steps: number };
  readonly found: Narrowing[];
  readonly maxFound: number;
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

function openComparison(walk: Walk, from: readonly SchemaPart[], to: SchemaPart, place: Place): Comparison {
  const depth = place.depth + 1;
  const typed = typedKinds(to);
  return {
    from,
    to,
    kinds: new Set([...acceptedKinds(from)].filter((kind) => typed.has(kind))),
    path: place.path,
    asks: walk.asks,
    note: (path, senders, receivers) => walk.found.push({ path, senders, receivers }),
    descend: (known, inner, path) => compareNodes(walk, known, inner, { path, depth }),
    covers(known, inner) {
      const aside: Walk = { ...walk, asks: 'exact', found: [], maxFound: 1 };
      compareNodes(aside, known, inner, { path: '', depth });
      return aside.found.length === 0;
    },
  };
}

function compareParts(walk: Walk, from: readonly SchemaPart[], to: SchemaPart, place: Place): void {
  const comparison = openComparison(walk, from, to, place);
  compareTypes(comparison, acceptedKinds(from));
  if (comparison.kinds.size === 0) return;
  for (const compare of [compareListed, compareNumbers, compareTexts, compareSizes]) compare(comparison);
  for (const compare of [compareArrays, compareObjects, compareCombinators]) compare(comparison);
}

function noteUnknown({ found }: Walk, { path }: Place, what: string): void {
  const change = `${what} and may break`;
  found.push({ path, senders: `${change} senders`, receivers: `${change} receivers` });
}

const isSpent = ({ budget, found }: Walk): boolean => budget.steps >= MAX_STEPS || found.length >= MAX_NARROWINGS;

function compareConjunctions(walk: Walk, from: readonly SchemaNode[], to: Conjunction, place: Place): void {
  const parts = from.filter(isPart);
  if (from.some(({ schema }) => schema === false) || acceptedKinds(parts).size === 0) return;
  if (to.missing) noteUnknown(walk, place, `has another ${to.missing}, which cannot be compared`);
  for (const node of to.nodes) {
    if (isSpent(walk)) return noteUnknown(walk, place, TOO_LARGE);
    if (isPart(node)) compareParts(walk, parts, node, place);
    else if (node.schema !== true) {
      walk.found.push({ path: place.path, senders: 'is no longer accepted', receivers: 'may now be there' });
    }
  }
}

function compareNodes(walk: Walk, from: readonly SchemaNode[], to: SchemaNode, place: Place): void {
  const { asks, found, maxFound, budget, proven } = walk;
  if (found.length >= maxFound || to.schema === true) return;
  if (isSpent(walk) || place.depth > MAX_DEPTH_LEVELS) return noteUnknown(walk, place, TOO_LARGE);
  const before = found.length;
  const known = splitConjunction(from).nodes;
  const wanted = splitConjunction([to]);
  budget.steps += countSteps(known) + countSteps(wanted.nodes);
  const claim = proven.claim(asks, known, wanted.nodes);
  if (!claim) return;
  compareConjunctions(walk, known, wanted, place);
  if (found.length > before) claim.withdraw();
}

/**
 * Where a schema may refuse what another one accepts. It may name too much, never too little; for receivers it passes
 * over fields that are new in an object that had no others.
 */
export function findNarrowings(breaks: BrokenSide, from: SchemaNode, to: SchemaNode): readonly Narrowing[] {
  const found: Narrowing[] = [];
  const budget = { steps: 0 };
  const walk: Walk = { asks: breaks, proven: createProven(), budget, found, maxFound: MAX_NARROWINGS };
  compareNodes(walk, [from], to, { path: 'data', depth: 0 });
  return found.slice(0, MAX_NARROWINGS);
}
