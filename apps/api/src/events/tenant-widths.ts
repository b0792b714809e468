import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';

/** An event with more deliveries shares no statement: a hundred of them would hold everybody's up. */
const WIDE = 50;
/** So long a tenant's posts go by themselves after its last wide event. */
const REMEMBERED_MS = 10_000;
const MAX_REMEMBERED = 10_000;

interface Mark {
  readonly until: number;
  /** An answer said so; else it is a guess that the next answer may refute. */
  readonly seen: boolean;
}

/** Which tenants' events go to many endpoints, by what their last ones did. */
export interface TenantWidths {
  isWide(tenantId: string): boolean;
  note(requests: readonly EventRequest[], results: readonly Accepted[]): void;
  /** A statement took too long, perhaps because of this tenant. */
  suspect(tenantId: string): void;
}

/** @param now milliseconds of a clock that never goes back */
export function createTenantWidths(now = (): number => performance.now()): TenantWidths {
  const marks = new Map<string, Mark>();
  const mark = (tenantId: string, seen: boolean): void => {
    marks.delete(tenantId);
    const [oldest] = marks.size >= MAX_REMEMBERED ? marks.keys() : [];
    if (oldest !== undefined) marks.delete(oldest);
    marks.set(tenantId, { until: now() + REMEMBERED_MS, seen });
  };
  return {
    isWide(tenantId) {
      const known = marks.get(tenantId);
      if (known && known.until <= now()) marks.delete(tenantId);
      return known !== undefined && known.until > now();
    },
    note(requests, results) {
      results.forEach((result, index) => {
        const tenantId = requests[index]?.events[0].tenantId;
        if (result.kind !== 'accepted' || tenantId === undefined) return;
        if (result.event.deliveryCount > WIDE) mark(tenantId, true);
        else if (marks.get(tenantId)?.seen === false) marks.delete(tenantId);
      });
    },
    suspect(tenantId) {
      if (!marks.get(tenantId)?.seen) mark(tenantId, false);
    },
  };
}
