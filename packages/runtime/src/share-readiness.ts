import { shareWork } from './share-work.ts';

/** A probe that has not answered by then counts as failed. */
const PROBE_BUDGET_MS = 2_000;

type Check = 'ok' | 'failed';

/** Whether a process reaches what it stands on, by the names of its parts; ready is one that reaches all. */
export interface ReadinessFound<Part extends string> {
  readonly status: 'ready' | 'not_ready';
  readonly checks: Readonly<Record<Part, Check>>;
}

async function probe(ping: () => Promise<void>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Check>((resolve) => {
    timer = setTimeout(() => resolve('failed'), PROBE_BUDGET_MS);
  });
  const answered = ping().then(
    (): Check => 'ok',
    (): Check => 'failed',
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

/**
 * Probes every part at once, each for 2 s at the most. Who asks while they are being probed shares what is found: anybody may
 * ask, and each probe takes a connection that others want. Nothing is kept: who asks after that has them probed again.
 *
 * @param pings named; each rejects when its part cannot be reached
 */
export function shareReadiness<Part extends string>(
  pings: Readonly<Record<Part, () => Promise<void>>>,
): () => Promise<ReadinessFound<Part>> {
  const parts = Object.entries<() => Promise<void>>(pings);
  const probeAll = async (): Promise<ReadinessFound<Part>> => {
    const found = await Promise.all(parts.map(async ([name, ping]) => [name, await probe(ping)] as const));
    const checks = Object.fromEntries(found) as Record<Part, Check>;
    return { status: found.every(([, check]) => check === 'ok') ? 'ready' : 'not_ready', checks };
  };
  return shareWork(probeAll);
}
