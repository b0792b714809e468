import type { Results } from './figure.ts';

/** What a number of a figure is to reach now, and what after that. */
export interface Goal {
  /** The figure and its number, with a dot between them. */
  readonly name: string;
  readonly figure: string;
  readonly number: string;
  readonly sense: 'at least' | 'at most';
  readonly goal: number;
  readonly next: number;
}

const goalOf =
  (sense: Goal['sense']) =>
  (figure: string, number: string, goal: number, next: number): Goal => ({
    name: `${figure}.${number}`,
    figure,
    number,
    sense,
    goal,
    next,
  });
const atLeast = goalOf('at least');
const atMost = goalOf('at most');

const goals: readonly Goal[] = [
  atLeast('drain', 'ratio', 0.5, 0.7),
  atLeast('end_to_end', 'ratio', 0.35, 0.5),
  atLeast('ingest', 'ratio', 0.4, 0.6),
  atMost('fan_out_ms', 'jobs_ms', 150, 50),
  atMost('latency_ms', 'p50', 10, 5),
  atMost('latency_ms', 'p99', 50, 25),
  atMost('noisy_neighbour', 'p99_ratio', 2, 1.2),
  atLeast('noisy_neighbour', 'rate_ratio', 0.9, 0.98),
  atMost('dead_endpoint', 'p99_added_ms', 500, 50),
  atMost('retry_lateness_ms', 'p99', 1_000, 200),
  atLeast('dispatchers', 'ratio', 1, 1.3),
  atMost('list_ms', 'ratio', 2, 1.2),
  atMost('drain', 'rss_mb', 200, 120),
  // 10,000 jobs that are due and 50,000 that wait for a retry, of 1.2 kB each; then as much as when none waits.
  atMost('redis_mb', 'waiting', 100, 20),
];

/** What came of a goal. */
export interface Verdict extends Goal {
  /** The number of each run, in their order. */
  readonly values: readonly number[];
  /** Whether the goal held in every run. */
  readonly held: boolean;
  /** Whether what comes after it held in every run. */
  readonly nextHeld: boolean;
}

const reaches = (sense: Goal['sense'], value: number, limit: number): boolean =>
  sense === 'at least' ? value >= limit : value <= limit;

/** Judges the goals whose figures were measured; a number that a run lacks has not held. */
export function judgeGoals(runs: readonly Results[]): readonly Verdict[] {
  return goals
    .filter(({ figure }) => runs.some((run) => figure in run))
    .map((goal) => {
      const values = runs.map((run) => run[goal.figure]?.[goal.number] ?? Number.NaN);
      const allReach = (limit: number): boolean => values.every((value) => reaches(goal.sense, value, limit));
      return { ...goal, values, held: allReach(goal.goal), nextHeld: allReach(goal.next) };
    });
}

/** The verdicts as a table's rows: a column for each run. */
export const tableOf = (
  verdicts: readonly Verdict[],
): Readonly<Record<string, Readonly<Record<string, string | number>>>> =>
  Object.fromEntries(
    verdicts.map(({ name, sense, goal, next, values, held, nextHeld }) => [
      name,
      {
        goal: `${sense} ${goal}`,
        next,
        ...Object.fromEntries(values.map((value, run) => [`run ${run + 1}`, value])),
        held: held ? 'yes' : 'no',
        'next held': nextHeld ? 'yes' : 'no',
      },
    ]),
  );
