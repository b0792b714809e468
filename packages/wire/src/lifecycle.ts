/** What is metered (seed 003). */
export type UsageKind = 'connect' | 'active_domain' | 'cert' | 'api_call';

/** An event that a transition fires. */
export interface EdgeEvent {
  readonly type: string;
  /** One event per entry of this array in the transition's `data`; the entry's fields join the rest of `data`. */
  readonly forEach?: string;
}

/** One allowed transition. A pair's first half fires the other one too. */
export interface LifecycleEdge {
  readonly from: string;
  readonly to: string;
  readonly events: readonly EdgeEvent[];
}

/** A state machine that a profile declares. */
export interface Lifecycle {
  readonly name: string;
  /** What a subject's name stands for. */
  readonly subject: string;
  /** Every state; the first is the start. */
  readonly states: readonly [string, ...string[]];
  readonly edges: readonly LifecycleEdge[];
  /** Metered with a subject's first transition. */
  readonly metersFirst: readonly UsageKind[];
  /** Metered with each transition into a state. */
  readonly metersEntering: Readonly<Record<string, readonly UsageKind[]>>;
}

/** Writes an edge shortly: `edge('a', 'b', 'event')`. */
export const edge = (from: string, to: string, ...types: readonly string[]): LifecycleEdge => ({
  from,
  to,
  events: types.map((type) => ({ type })),
});
