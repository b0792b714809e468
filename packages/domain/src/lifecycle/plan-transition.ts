import type { EdgeEvent, Lifecycle, UsageKind } from '@posthorn/wire/lifecycle';

/** A transition that was asked for. */
export interface AskedTransition {
  readonly to: string;
  /** The state that the subject must be in; `undefined`: any that leads to `to`. */
  readonly from: string | undefined;
}

/** What a compare-and-swap needs to know. */
export interface TransitionPlan {
  /** States that the subject may be in. */
  readonly from: readonly string[];
  /** The state that a subject counts as being in before its first transition; `null`: this one cannot be the first. */
  readonly startsFrom: string | null;
}

/**
 * From which states a transition may be made. A subject that does not exist yet stands at the start; the transition to
 * the start itself only makes it.
 */
export function planTransition({ states, edges }: Lifecycle, { to, from }: AskedTransition): TransitionPlan {
  const [start] = states;
  const sources = edges.filter((edge) => edge.to === to && (from ?? edge.from) === edge.from).map((edge) => edge.from);
  const makes = (from ?? start) === start && (to === start || sources.includes(start));
  return { from: sources, startsFrom: makes ? start : null };
}

/** What a transition that was made fires. */
export const eventsBetween = ({ edges }: Lifecycle, from: string, to: string): readonly EdgeEvent[] =>
  edges.find((edge) => edge.from === from && edge.to === to)?.events ?? [];

/** What a transition that was made is metered as. `version`: transitions of the subject, this one included. */
export const metersOf = (lifecycle: Lifecycle, to: string, version: number): readonly UsageKind[] => [
  ...(version === 1 ? lifecycle.metersFirst : []),
  ...(Object.hasOwn(lifecycle.metersEntering, to) ? (lifecycle.metersEntering[to] ?? []) : []),
];
