import { decodeTypeId } from '@posthorn/domain/type-id';

const places = [
  ['delivery', (id: string) => `/webhooks/deliveries/${id}`],
  ['endpoint', (id: string) => `/webhooks/endpoints/${id}`],
  ['event', (id: string) => `/events/${id}`],
] as const;

/** The address that shows what an id names; `null` for what is not an id of something that has a view. */
export function viewOfId(text: string): string | null {
  const [, addressOf] = places.find(([kind]) => decodeTypeId(kind, text) !== null) ?? [];
  return addressOf?.(text) ?? null;
}
