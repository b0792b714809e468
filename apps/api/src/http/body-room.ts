import { Overloaded } from '@posthorn/runtime/overloaded';

/** Bytes of request bodies that a process holds at once, while it reads them and until they are answered. */
const MAX_BYTES = 134_217_728;
/** Of them for one tenant, so that none takes the room of all: eight of the largest batches. */
const MAX_TENANT_BYTES = 33_554_432;

/** Room for the bodies of requests. */
export interface BodyRoom {
  /**
   * Takes room for a body before it is read.
   *
   * @returns gives it back @throws Overloaded when there is not enough
   */
  take(tenantId: string, bytes: number): () => void;
}

export function createBodyRoom(maxBytes = MAX_BYTES, maxTenantBytes = MAX_TENANT_BYTES): BodyRoom {
  const takenBy = new Map<string, number>();
  let taken = 0;
  const add = (tenantId: string, bytes: number): void => {
    taken += bytes;
    const own = (takenBy.get(tenantId) ?? 0) + bytes;
    if (own === 0) takenBy.delete(tenantId);
    else takenBy.set(tenantId, own);
  };
  return {
    take(tenantId, bytes) {
      if (taken + bytes > maxBytes) throw new Overloaded(`Bodies of ${taken} bytes are held already`);
      const own = takenBy.get(tenantId) ?? 0;
      if (own + bytes > maxTenantBytes) throw new Overloaded(`Bodies of ${own} bytes of this tenant are held already`);
      add(tenantId, bytes);
      return () => add(tenantId, -bytes);
    },
  };
}
