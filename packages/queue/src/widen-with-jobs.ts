/** Jobs that a worker fetches beyond those under way. */
const FETCHED_AHEAD = 16;
/** It becomes narrower once it has less than this part of the jobs that it may have: many may end at once, and others wait. */
const NARROWER_BELOW = 1 / 4;

/** How many jobs a worker may have, those included that it has fetched and not begun. */
export interface JobWidth {
  readonly now: () => number;
  /** Counts a job as under way until `run` ends. */
  during<Result>(run: () => Promise<Result>): Promise<Result>;
}

/**
 * BullMQ's worker fetches one job after the other, and while more are waiting it begins none before it has as many as it may
 * have (its `concurrency`): of a thousand that takes seconds. So it may have only a few more than are under way.
 *
 * @param limit jobs at the most
 * @param set called when the width changes
 */
export function widenWithJobs(limit: number, set: (jobs: number) => void): JobWidth {
  let underWay = 0;
  const wanted = (): number => Math.min(limit, underWay + FETCHED_AHEAD);
  let width = wanted();
  const adapt = (): void => {
    const jobs = wanted();
    if (jobs <= width && jobs >= NARROWER_BELOW * width) return;
    width = jobs;
    set(width);
  };
  return {
    now: () => width,
    async during(run) {
      underWay += 1;
      adapt();
      try {
        return await run();
      } finally {
        underWay -= 1;
        adapt();
      }
    },
  };
}
