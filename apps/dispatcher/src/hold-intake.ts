import { setTimeout as delay } from 'node:timers/promises';

/** How often an absent database is asked whether it is back. */
const PROBE_MS = 250;

export interface IntakeDeps {
  /** Takes nothing new from the queue from now on. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** @throws while the database is away */
  readonly probe: () => Promise<void>;
  readonly onChange: (held: boolean) => void;
  readonly onError: (error: unknown) => void;
}

/** The intake of jobs, held while nothing that they would lead to can be recorded. */
export interface Intake {
  /** The database is away: nothing new until it answers again. Returns at once; calls while it is held change nothing. */
  hold(): void;
  /** Ends the waiting; nothing is resumed after it. */
  stop(): void;
}

export function createIntake({ pause, resume, probe, onChange, onError }: IntakeDeps): Intake {
  const stopped = new AbortController();
  let held = false;

  const answers = (): Promise<boolean> =>
    probe().then(
      () => true,
      () => false,
    );
  const waitForDatabase = async (): Promise<void> => {
    onChange(true);
    await pause();
    while (!stopped.signal.aborted && !(await answers())) await delay(PROBE_MS);
    if (stopped.signal.aborted) return;
    held = false;
    onChange(false);
    await resume();
  };
  return {
    hold() {
      if (held || stopped.signal.aborted) return;
      held = true;
      waitForDatabase().catch(onError);
    },
    stop: () => stopped.abort(),
  };
}
