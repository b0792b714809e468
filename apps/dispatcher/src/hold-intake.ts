import { setTimeout as delay } from 'node:timers/promises';

/** How often an absent database is asked whether it is back. */
const PROBE_MS = 250;
/** A database that answers the probe and then refuses again is asked ever more rarely, down to this. */
const MAX_PROBE_MS = 4_000;
/** What goes well for so long has recovered. */
const CALM_MS = 5_000;

export interface IntakeDeps {
  /** Takes nothing new from the queue from now on. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** Writes, as claims do. @throws while the database does not take it */
  readonly probe: () => Promise<unknown>;
  readonly onChange: (held: boolean) => void;
  readonly onError: (error: unknown) => void;
  /** A clock that never goes back, in ms. */
  readonly now: () => number;
}

/** The intake of jobs, held while nothing that they would lead to can be recorded. */
export interface Intake {
  /** The database is away: nothing new until it answers again. Returns at once; calls while it is held change nothing. */
  hold(): void;
  isHeld(): boolean;
  /** Ends the waiting; nothing is resumed after it. */
  stop(): void;
}

export function createIntake({ pause, resume, probe, onChange, onError, now }: IntakeDeps): Intake {
  const stopped = new AbortController();
  let held = false;
  let probeMs = PROBE_MS;
  let resumedAt = Number.NEGATIVE_INFINITY;

  const answers = (): Promise<boolean> =>
    probe().then(
      () => true,
      () => false,
    );
  const waitForDatabase = async (): Promise<void> => {
    probeMs = now() - resumedAt < CALM_MS ? Math.min(MAX_PROBE_MS, probeMs * 2) : PROBE_MS;
    onChange(true);
    await pause();
    do await delay(probeMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    while (!stopped.signal.aborted && !(await answers()));
    if (stopped.signal.aborted) return;
    held = false;
    resumedAt = now();
    onChange(false);
    await resume();
  };
  return {
    hold() {
      if (held || stopped.signal.aborted) return;
      held = true;
      waitForDatabase().catch(onError);
    },
    isHeld: () => held,
    stop: () => stopped.abort(),
  };
}
