import type { Queue } from 'bullmq';
import type { RedisClient } from './connect-redis.ts';
import type { DeliveryJob } from './delivery-job.ts';

/** Jobs that one question is about. */
const JOBS_PER_QUESTION = 250;

/** Whether a delivery has a job: none, one that waits or runs, or one that waits for its time. */
export type FoundJob = 'none' | 'due' | 'put-off';

/** A job that is looked for. */
export interface WantedJob {
  /** Its place in the answer. */
  readonly index: number;
  readonly queue: Queue<DeliveryJob>;
  readonly id: string;
}

type Question =
  | { readonly command: 'exists'; readonly keys: readonly string[] }
  | { readonly command: 'zmscore'; readonly key: string; readonly members: readonly string[] };

/** Asks everything in one round trip. The keys share a slot. @throws the first error among the answers */
export async function askAll(redis: RedisClient, questions: readonly Question[]): Promise<unknown[]> {
  const pipeline = redis.pipeline();
  for (const question of questions) {
    if (question.command === 'exists') pipeline.exists(...question.keys);
    else pipeline.zmscore(question.key, ...question.members);
  }
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}

const partsOf = (jobs: readonly WantedJob[]): (readonly WantedJob[])[] =>
  Array.from({ length: Math.ceil(jobs.length / JOBS_PER_QUESTION) }, (_, part) =>
    jobs.slice(part * JOBS_PER_QUESTION, (part + 1) * JOBS_PER_QUESTION),
  );

const keyOf = ({ queue, id }: WantedJob): string => queue.toKey(id);

export interface FindJobsDeps {
  readonly queues: readonly Queue<DeliveryJob>[];
  /** Questions about one queue, so about one Redis Cluster slot. @returns the answers in order */
  readonly ask: (questions: readonly Question[]) => Promise<unknown[]>;
}

/** Looks for jobs of one queue. @returns those that are not there to run now */
async function findOthers(
  queue: Queue<DeliveryJob>,
  wanted: readonly WantedJob[],
  ask: FindJobsDeps['ask'],
): Promise<{ readonly putOff: readonly WantedJob[]; readonly missing: readonly WantedJob[] }> {
  const parts = partsOf(wanted);
  const answers = await ask(
    parts.flatMap((jobs): Question[] => [
      { command: 'exists', keys: jobs.map(keyOf) },
      { command: 'zmscore', key: queue.toKey('delayed'), members: jobs.map(({ id }) => id) },
    ]),
  );
  const doubted = parts.flatMap((jobs, part) => (answers[2 * part] === jobs.length ? [] : jobs));
  const scores = parts.flatMap((_, part) => answers[2 * part + 1] as readonly (string | null)[]);
  const putOff = wanted.filter((_, nth) => scores[nth] !== null);
  if (doubted.length === 0) return { putOff, missing: [] };
  const there = await ask(doubted.map((job) => ({ command: 'exists', keys: [keyOf(job)] })));
  return { putOff, missing: doubted.filter((_, nth) => there[nth] !== 1) };
}

/**
 * What the queues hold for each job, in order. Nearly always all are there, so Redis counts them, hundreds in one command;
 * only where some are missing it is asked which.
 */
export async function findJobs(wanted: readonly WantedJob[], { queues, ask }: FindJobsDeps): Promise<FoundJob[]> {
  const found = wanted.map((): FoundJob => 'due');
  await Promise.all(
    queues.map(async (queue) => {
      const own = wanted.filter((job) => job.queue === queue);
      if (own.length === 0) return;
      const { putOff, missing } = await findOthers(queue, own, ask);
      for (const { index } of putOff) found[index] = 'put-off';
      for (const { index } of missing) found[index] = 'none';
    }),
  );
  return found;
}
