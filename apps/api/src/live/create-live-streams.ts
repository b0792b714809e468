import { AppError } from '../http/app-error.ts';

const MAX_STREAMS = 500;
const MAX_TENANT_STREAMS = 20;

/** The streams that are open in this process. */
export interface LiveStreams {
  /**
   * Counts a stream in.
   *
   * @param end ends it; called when the process stops
   * @returns counts it out; more than once is as once
   * @throws AppError `unavailable` when there are too many, or the process stops
   */
  admit(tenantId: string, end: () => void): () => void;
  /** Ends every stream, and admits none any more. */
  closeAll(): void;
}

export function createLiveStreams(maxStreams = MAX_STREAMS, maxTenantStreams = MAX_TENANT_STREAMS): LiveStreams {
  const open = new Map<symbol, { readonly tenantId: string; readonly end: () => void }>();
  let closed = false;
  const refuse = (detail: string): never => {
    throw new AppError('unavailable', { detail });
  };
  return {
    admit(tenantId, end) {
      if (closed) refuse('This process stops. Try again shortly.');
      const ofTenant = [...open.values()].filter((stream) => stream.tenantId === tenantId).length;
      if (ofTenant >= maxTenantStreams) refuse(`This tenant has ${ofTenant} streams open. Close one first.`);
      if (open.size >= maxStreams) refuse('Too many streams are open. Try again shortly.');
      const name = Symbol(tenantId);
      open.set(name, { tenantId, end });
      return () => void open.delete(name);
    },
    closeAll() {
      closed = true;
      for (const { end } of open.values()) end();
    },
  };
}
