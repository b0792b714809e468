/** Something to stop; `kill`, where there is one, ends it without asking. */
export interface Stoppable {
  name: string;
  stop(): Promise<void>;
  kill?(): void;
}

/** What was started, in order, so that it can be stopped in the opposite order. */
export interface StopStack {
  push(part: Stoppable): void;
  stopAll(): Promise<boolean>;
  killAll(): void;
}

/**
 * A stack of started parts. `stopAll` stops the last first and resolves with whether all did; a part that is pushed
 * when stopping has begun is stopped too. `killAll` begins to stop everything at once and waits for nothing.
 */
export function createStopStack(say: (line: string) => void): StopStack {
  const parts: Stoppable[] = [];
  let current: Stoppable | undefined;
  let clean = true;
  const stopAll = async () => {
    for (current = parts.pop(); current; current = parts.pop()) {
      try {
        await current.stop();
      } catch (error) {
        clean = false;
        say(`${current.name}: ${(error as Error).message}`);
      }
    }
    return clean;
  };
  const killAll = () => {
    for (const part of [...(current ? [current] : []), ...parts.reverse()]) {
      if (part.kill) part.kill();
      else part.stop().catch(() => undefined);
    }
  };
  return { push: (part) => void parts.push(part), stopAll, killAll };
}
