import type { DeliveryFilter } from './delivery-filter.ts';

/** What the one search box leads to. */
export type SearchResult =
  | { readonly kind: 'open'; readonly deliveryId: string }
  | { readonly kind: 'narrow'; readonly fields: Pick<DeliveryFilter, 'endpoint_id' | 'event_id' | 'jobId'> };

const PUBLIC_ID = /^(dlv|ep|evt)_[0-9a-z]{26}$/i;

/** Reads what was typed or pasted: an id of ours wherever it came from, else a jobId. Empty: no longer narrowed to a jobId. */
export function readSearch(text: string): SearchResult {
  const plain = text.trim();
  const unquoted = plain.replace(/^["'`]+|["'`,;]+$/g, '');
  const [id, prefix] = PUBLIC_ID.exec(unquoted) ?? [];
  if (id === undefined || prefix === undefined) {
    return { kind: 'narrow', fields: { jobId: plain === '' ? undefined : plain } };
  }
  const written = id.toLowerCase();
  if (written.startsWith('dlv_')) return { kind: 'open', deliveryId: written };
  return { kind: 'narrow', fields: written.startsWith('ep_') ? { endpoint_id: written } : { event_id: written } };
}
