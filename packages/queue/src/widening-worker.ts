import { type Processor, Worker, type WorkerOptions } from 'bullmq';

/** It becomes narrower once less than this part of the jobs that it may have is under way; many may end at once, and others wait. */
const NARROWER_BELOW = 1 / 4;

/**
 * A worker that begins a job as soon as it has fetched it. BullMQ's own fetches one job after the other, and while more are
 * waiting it begins none before it has as many as its `concurrency` says: of a thousand that takes seconds. This one may have one
 * job more than are under way, up to `concurrency`.
 */
export class WideningWorker<Data> extends Worker<Data, void> {
  readonly #limit: number;
  #underWay = 0;

  constructor(name: string, process: Processor<Data, void>, options: WorkerOptions & { readonly concurrency: number }) {
    super(name, process, { ...options, concurrency: 1 });
    this.#limit = options.concurrency;
  }

  /** A job is under way until Redis knows what came of it: what takes long there must not keep others from being under way. */
  override async processJob(...job: Parameters<Worker<Data, void>['processJob']>) {
    this.#underWay += 1;
    // Not before all that were fetched have begun: they wait while BullMQ fetches.
    if (this.#underWay >= this.concurrency) this.concurrency = Math.min(this.#limit, this.#underWay + 1);
    try {
      return await super.processJob(...job);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay < NARROWER_BELOW * this.concurrency) this.concurrency = Math.max(1, 2 * this.#underWay);
    }
  }
}
