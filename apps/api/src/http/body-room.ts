import { Overloaded } from '@posthorn/runtime/overloaded';

/** Bytes of request bodies that a process holds at once, while it reads them and until they are answered. */
const MAX_BYTES = 134_217_728;
/** One tenant holds a quarter of what the others leave: alone eight of the largest batches; ten that take all they may leave 7 MiB. */
const TENANT_PARTS = 4;

/** What one body holds of the room. */
export interface BodyHold {
  /** Takes so many bytes more. @throws Overloaded when there is not enough; what was taken before stays taken */
  take(bytes: number): void;
  /** Gives all of it back. */
  giveBack(): void;
}

/** Room for the bodies of requests. */
export interface BodyRoom {
  /** Room for a body that may still grow. */
  open(tenantId: string): BodyHold;
}

/** @param maxBytes of all tenants together */
export function createBodyRoom(maxBytes = MAX_BYTES): BodyRoom {
  const takenBy = new Map<string, number>();
  let taken = 0;
  const add = (tenantId: string, bytes: number): void => {
    taken += bytes;
    const own = (takenBy.get(tenantId) ?? 0) + bytes;
    if (own === 0) takenBy.delete(tenantId);
    else takenBy.set(tenantId, own);
  };
  return {
    open(tenantId) {
      let held = 0;
      return {
        take(bytes) {
          const own = takenBy.get(tenantId) ?? 0;
          const left = maxBytes - (taken - own);
          if ((own + bytes) * TENANT_PARTS > left)
            throw new Overloaded(`Bodies of ${taken} bytes are held already, ${own} of them of this tenant`);
          held += bytes;
          add(tenantId, bytes);
        },
        giveBack() {
          add(tenantId, -held);
          held = 0;
        },
      };
    },
  };
}
