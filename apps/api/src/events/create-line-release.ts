import type { Logger } from '@posthorn/runtime/create-logger';
import { gather } from '@posthorn/runtime/gather';
import type { DueDelivery } from '@posthorn/store/engine/event-request';
import type { OrderingLine } from '@posthorn/store/engine/ordering-line';

const MAX_LINES = 200;
const MAX_STATEMENTS = 1;
/** With a slow database more than this would only fill the memory; a dispatcher finds what is held for nothing. */
const MAX_WAITING_LINES = 20_000;

export interface LineReleaseDeps {
  readonly release: (lines: readonly OrderingLine[]) => Promise<DueDelivery[]>;
  readonly ring: (due: readonly DueDelivery[]) => void;
  readonly log: Logger;
}

/** Looks whether those whom somebody waits for have ended meanwhile, and lets go whom they held. Nobody waits for it. */
export function createLineRelease({ release, ring, log }: LineReleaseDeps): (lines: readonly OrderingLine[]) => void {
  const releaseOne = gather<OrderingLine, void>({
    maxItems: MAX_LINES,
    maxBatches: MAX_STATEMENTS,
    maxWaiting: MAX_WAITING_LINES,
    flush: async (lines) => {
      ring(await release(lines));
      return lines.map(() => undefined);
    },
  });
  return (lines) => {
    if (lines.length === 0) return;
    void Promise.all(lines.map(releaseOne)).catch((error: unknown) =>
      log.warn('held deliveries not looked at; a dispatcher will', { lines: lines.length, error: String(error) }),
    );
  };
}
