import { setTimeout as delay } from 'node:timers/promises';

/** What became of the posts of a stream. */
export interface Posted {
  /** Ids of the events that were answered with 202. */
  readonly acknowledged: string[];
  /** Posts that were answered with anything else, by status; 0: no answer. */
  readonly refused: Record<number, number>;
  /** The longest that a post waited for its answer, in ms. */
  slowestMs: number;
}

export interface Stream {
  readonly posted: Posted;
  /** Ends it. Resolves when the last answer has come. */
  stop(): Promise<Posted>;
}

export interface StreamOptions {
  /** Where to post: any of these, in turn. */
  readonly urls: () => readonly string[];
  readonly key: string;
  readonly perSecond: number;
}

/** Posts events at a steady rate, whatever is answered, and keeps count. */
export function postStream({ urls, key, perSecond }: StreamOptions): Stream {
  const posted: Posted = { acknowledged: [], refused: {}, slowestMs: 0 };
  const underWay = new Set<Promise<void>>();
  let running = true;
  let count = 0;

  const postOne = async (url: string): Promise<void> => {
    const startedAt = Date.now();
    const body = JSON.stringify({ type: 'domain.verified', jobId: `s-${count}`, data: { hostname: 'a.example' } });
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    }).catch(() => null);
    const content = answer && ((await answer.json().catch(() => ({}))) as { id?: string });
    posted.slowestMs = Math.max(posted.slowestMs, Date.now() - startedAt);
    if (answer?.status === 202 && content?.id) posted.acknowledged.push(content.id);
    else posted.refused[answer?.status ?? 0] = (posted.refused[answer?.status ?? 0] ?? 0) + 1;
  };
  const loop = async (): Promise<void> => {
    while (running) {
      const targets = urls();
      const url = targets[count % Math.max(1, targets.length)];
      count += 1;
      if (url !== undefined) {
        const post: Promise<void> = postOne(url).finally(() => underWay.delete(post));
        underWay.add(post);
      }
      await delay(1_000 / perSecond);
    }
  };
  const ended = loop();
  return {
    posted,
    async stop() {
      running = false;
      await ended;
      await Promise.all(underWay);
      return posted;
    },
  };
}
