/** What a tenant has done so far. */
export interface Progress {
  readonly endpoints: number;
  readonly deliveries: number;
  /** Events in all, those that tests and probes made included. */
  readonly events: number;
  /** Tests and probes that were asked for. */
  readonly tests: number;
}

export interface FirstSteps {
  readonly addedEndpoint: boolean;
  readonly sentTest: boolean;
  readonly postedEvent: boolean;
}

/** Which of the first three steps a new tenant has taken. Whoever posts events of their own needs no test any more. */
export function decideFirstSteps({ endpoints, deliveries, events, tests }: Progress): FirstSteps {
  const postedEvent = events > tests;
  return { addedEndpoint: endpoints > 0, sentTest: tests > 0 || (postedEvent && deliveries > 0), postedEvent };
}

export const isDone = ({ addedEndpoint, sentTest, postedEvent }: FirstSteps): boolean =>
  addedEndpoint && sentTest && postedEvent;
