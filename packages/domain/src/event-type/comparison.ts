import type { Kind } from './accepted-kinds.ts';
import type { BrokenSide } from './breaking-change.ts';
import type { SchemaNode, SchemaPart } from './schema-node.ts';

/**
 * One question: does `to` refuse anything that `from` accepts? It is asked forwards (old, new) for senders and
 * backwards (new, old) for receivers. Every keyword of `to` must follow from what `from` says; where that cannot be
 * shown, it is noted.
 */
export interface Comparison {
  /** A value that is asked about satisfies all of these. */
  readonly from: readonly SchemaPart[];
  readonly to: SchemaPart;
  /** The kinds of values that `from` accepts and the type of `to` does not refuse. */
  readonly kinds: ReadonlySet<Kind>;
  readonly path: string;
  /** `exact` inside of keywords that turn things around, where nothing may be overlooked. */
  readonly asks: BrokenSide | 'exact';
  /** Notes that a value may be refused: in words for senders, and for receivers, to whom the change looks reversed. */
  note(path: string, senders: string, receivers: string): void;
  /** Asks the same of a value inside of the value, and notes what it finds. */
  descend(from: readonly SchemaNode[], to: SchemaNode, path: string): void;
  /** Whether `to` certainly accepts all that `from` accepts. Notes nothing. */
  covers(from: readonly SchemaNode[], to: SchemaNode): boolean;
}
