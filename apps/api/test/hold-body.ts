import type { BodyRoom } from '../src/http/body-room.ts';

/** Takes room as for a body of this length. @returns gives it back @throws Overloaded */
export function holdBody(room: BodyRoom, tenantId: string, bytes: number): () => void {
  const hold = room.open(tenantId);
  hold.take(bytes);
  return hold.giveBack;
}
