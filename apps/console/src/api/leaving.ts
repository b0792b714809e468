/** Aborted while somebody signs out, and until somebody is signed in again. */
let reads = new AbortController();
/** Pending meanwhile; it stays so in a page that was left. */
let stay: Promise<void> = Promise.resolve();

export const isLeaving = (): boolean => reads.signal.aborted;

/** Reads are sent from now on. */
export function enter(): void {
  if (!isLeaving()) return;
  reads = new AbortController();
  stay = Promise.resolve();
}

/**
 * Signs out. What is read meanwhile would be refused, and look like a session that ended by itself: reads under way are given
 * up, and none is begun.
 *
 * @throws what `end` throws; the page stays then, and reads go on
 */
export async function leave(end: () => Promise<void>): Promise<void> {
  let goOn = (): void => undefined;
  stay = new Promise((resolve) => {
    goOn = resolve;
  });
  reads.abort();
  try {
    await end();
  } catch (error) {
    enter();
    goOn();
    throw error;
  }
}

/** Reads as soon as nobody signs out, and again where a sign-out failed. In a page that was left it is never done. */
export async function readUntilLeaving<Result>(read: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  for (;;) {
    await stay;
    const { signal } = reads;
    try {
      return await read(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/**
 * @param listener told when somebody signs out, or soon if somebody does
 * @returns ends it
 */
export function onLeaving(listener: () => void): () => void {
  const { signal } = reads;
  if (signal.aborted) {
    const timer = setTimeout(listener);
    return () => clearTimeout(timer);
  }
  signal.addEventListener('abort', listener);
  return () => signal.removeEventListener('abort', listener);
}
