import type { DeliveryJob } from './delivery-job.ts';
import { type NextJob, paceRoom } from './pace-room.ts';

/** Whose delivery a job is for. */
export type JobOwner = Pick<DeliveryJob, 'tenantId' | 'endpointId'>;

/** Of what would then be left free, the part that a tenant may have waiting; alone in its greed it gets a fifth of all. */
const TENANT_PART = 1 / 4;
/** The same for one endpoint, of what its tenant has left. */
const ENDPOINT_PART = 1;
/** So many a tenant may have waiting behind whatever was too much of others. */
const QUIET_JOBS = 20;

/**
 * How many further jobs the queue may hold, and whose. How many wait is measured; whose they are is known from those that
 * were made here: the queue is first in, first out, so the latest wait.
 */
export interface QueueRoom {
  /** Jobs of the tenant that there is room for now. */
  left(tenantId: string): number;
  /** Of those, jobs of an endpoint that has none waiting. */
  leftPerEndpoint(tenantId: string): number;
  /** The tenant's endpoints that there is less room for than `jobs`, and how much. */
  busyEndpoints(tenantId: string, jobs: number): ReadonlyMap<string, number>;
  /** Takes the room of a job that is about to be made. @returns whether there was some */
  take(owner: JobOwner): boolean;
  /** So many jobs whose room was taken are made now, or never will be. */
  settle(jobs: number, made: boolean): void;
  /** To be called before the queue is asked. @returns to be called with how many wait in it, whoever made them, and which is next */
  measure(): (waiting: number, next?: NextJob | null) => void;
  /** Jobs that wait now: as measured, and what was made since. */
  waiting(): number;
}

/** Jobs of a tenant that wait, by endpoint. */
interface Share {
  jobs: number;
  readonly endpoints: Map<string, number>;
}

/** With `own` waiting and `free` left: how many more, until they are `part` of what is then left. */
const upToPart = (own: number, free: number, part: number): number => Math.ceil((part * free - own) / (1 + part));

/** The same; whoever has none finds a place. */
function moreOf(own: number, free: number, part: number): number {
  return free <= 0 ? 0 : Math.min(free, Math.max(own === 0 ? 1 : 0, upToPart(own, free, part)));
}

/**
 * @param maxWaiting jobs that may wait, over all shards and tenants
 * @param now ms, of a clock that never goes back
 */
export function createQueueRoom(maxWaiting: number, now = () => performance.now()): QueueRoom {
  const pace = paceRoom(maxWaiting, now);
  const shares = new Map<string, Share>();
  /** In the order in which they were made; those before `gone` wait no more. */
  let made: JobOwner[] = [];
  let gone = 0;
  let measured = 0;
  /** Taken, and not part of what was measured. */
  let beyond = 0;
  let settled = 0;
  /** How many of the settled ones are part of what was measured. */
  let counted = 0;

  const waiting = (): number => measured + beyond;
  const left = (tenantId: string): number => {
    const own = shares.get(tenantId)?.jobs ?? 0;
    const timely = Math.max(QUIET_JOBS - own, upToPart(own, pace.limit() - waiting(), TENANT_PART));
    return Math.max(0, Math.min(timely, moreOf(own, maxWaiting - waiting(), TENANT_PART)));
  };
  const leftOfEndpoint = (tenantId: string, own: number): number => moreOf(own, left(tenantId), ENDPOINT_PART);

  const add = (owner: JobOwner): void => {
    const share = shares.get(owner.tenantId) ?? { jobs: 0, endpoints: new Map<string, number>() };
    shares.set(owner.tenantId, share);
    share.jobs += 1;
    share.endpoints.set(owner.endpointId, (share.endpoints.get(owner.endpointId) ?? 0) + 1);
    made.push(owner);
  };
  const remove = ({ tenantId, endpointId }: JobOwner): void => {
    const share = shares.get(tenantId);
    if (!share) return;
    share.jobs -= 1;
    const own = (share.endpoints.get(endpointId) ?? 0) - 1;
    if (own > 0) share.endpoints.set(endpointId, own);
    else share.endpoints.delete(endpointId);
    if (share.jobs === 0) shares.delete(tenantId);
  };
  const forgetGone = (): void => {
    const until = Math.max(gone, made.length - waiting());
    for (const owner of made.slice(gone, until)) remove(owner);
    gone = until;
    if (gone < made.length / 2) return;
    made = made.slice(gone);
    gone = 0;
  };

  return {
    left,
    leftPerEndpoint: (tenantId) => leftOfEndpoint(tenantId, 0),
    busyEndpoints(tenantId, jobs) {
      const endpoints = [...(shares.get(tenantId)?.endpoints ?? [])];
      return new Map(
        endpoints.map(([id, own]) => [id, leftOfEndpoint(tenantId, own)] as const).filter(([, more]) => more < jobs),
      );
    },
    take(owner) {
      const own = shares.get(owner.tenantId)?.endpoints.get(owner.endpointId) ?? 0;
      if (leftOfEndpoint(owner.tenantId, own) <= 0) return false;
      beyond += 1;
      add(owner);
      return true;
    },
    settle(jobs, wereMade) {
      if (wereMade) settled += jobs;
      else beyond = Math.max(0, beyond - jobs);
    },
    measure() {
      // What is made while the queue is asked may be counted twice until the next time: too many rather than too few.
      const settledBefore = settled;
      return (count, next = null) => {
        pace.told(count, next);
        measured = count;
        beyond = Math.max(0, beyond - (settledBefore - counted));
        counted = settledBefore;
        forgetGone();
      };
    },
    waiting,
  };
}
