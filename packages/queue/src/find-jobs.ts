import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
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

/** Asks everything in one round trip. @throws the first error among the answers */
export async function askAll(redis: Redis, questions: readonly Question[]): Promise<unknown[]> {
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

/** Jobs of one queue, so of one Redis Cluster slot. */
interface Group {
  readonly queue: Queue<DeliveryJob>;
  readonly jobs: readonly WantedJob[];
}

function groupsOf(wanted: readonly WantedJob[], queues: readonly Queue<DeliveryJob>[]): Group[] {
  return queues.flatMap((queue) => {
    const own = wanted.filter((job) => job.queue === queue);
    const parts = Math.ceil(own.length / JOBS_PER_QUESTION);
    return Array.from({ length: parts }, (_, part) => ({
      queue,
      jobs: own.slice(part * JOBS_PER_QUESTION, (part + 1) * JOBS_PER_QUESTION),
    }));
  });
}

const keyOf = ({ queue, id }: WantedJob): string => queue.toKey(id);

export interface FindJobsDeps {
  readonly queues: readonly Queue<DeliveryJob>[];
  readonly ask: (questions: readonly Question[]) => Promise<unknown[]>;
}

/**
 * What the queues hold for each job, in order. Nearly always all are there, so Redis counts them, hundreds in one command;
 * only where some are missing it is asked which.
 */
export async function findJobs(wanted: readonly WantedJob[], { queues, ask }: FindJobsDeps): Promise<FoundJob[]> {
  const found = wanted.map((): FoundJob => 'due');
  const groups = groupsOf(wanted, queues);
  const answers = await ask(
    groups.flatMap(({ queue, jobs }): Question[] => [
      { command: 'exists', keys: jobs.map(keyOf) },
      { command: 'zmscore', key: queue.toKey('delayed'), members: jobs.map(({ id }) => id) },
    ]),
  );
  const doubted: WantedJob[] = [];
  for (const [place, { jobs }] of groups.entries()) {
    if (answers[2 * place] !== jobs.length) doubted.push(...jobs);
    const scores = answers[2 * place + 1] as readonly (string | null)[];
    for (const [nth, { index }] of jobs.entries()) if (scores[nth] !== null) found[index] = 'put-off';
  }
  if (doubted.length === 0) return found;
  const there = await ask(doubted.map((job) => ({ command: 'exists', keys: [keyOf(job)] })));
  for (const [place, { index }] of doubted.entries()) if (there[place] !== 1) found[index] = 'none';
  return found;
}
