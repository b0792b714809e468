import { readId } from '../../address/read-id.ts';
import { readText } from '../../address/read-text.ts';
import { JOB_ID_MAX_CHARACTERS } from '../../address/text-limits.ts';
import { viewOfId } from '../../shell/view-of-id.ts';
import type { DeliveryFilter } from './delivery-filter.ts';

const NO_JOB_ID = `A jobId has ${JOB_ID_MAX_CHARACTERS} characters at the most.`;

/** What the one search box leads to: a delivery beside the list, another view, the list of a jobId, or nowhere. */
export type SearchResult =
  | { readonly kind: 'open'; readonly deliveryId: string }
  | { readonly kind: 'go'; readonly href: string }
  | { readonly kind: 'narrow'; readonly fields: Pick<DeliveryFilter, 'jobId'> }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Reads what was typed or pasted: an id of ours wherever it came from, in quotes or capitals, else a jobId. Empty: no longer
 * narrowed to a jobId.
 */
export function readSearch(text: string): SearchResult {
  const plain = text.trim();
  const id = plain.replace(/^["'`]+|["'`,;]+$/g, '').toLowerCase();
  const deliveryId = readId(id, 'delivery');
  if (deliveryId !== null) return { kind: 'open', deliveryId };
  const href = viewOfId(id);
  if (href !== null) return { kind: 'go', href };
  if (plain === '') return { kind: 'narrow', fields: { jobId: undefined } };
  const jobId = readText(plain, JOB_ID_MAX_CHARACTERS);
  return jobId === null ? { kind: 'refused', reason: NO_JOB_ID } : { kind: 'narrow', fields: { jobId } };
}
