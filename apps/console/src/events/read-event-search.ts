import { readText } from '../address/read-text.ts';
import { JOB_ID_MAX_CHARACTERS } from '../address/text-limits.ts';

/** What the search box leads to: a view of what an id names, or a list narrowed to a jobId; nowhere from what is neither. */
export type EventSearch =
  | { readonly kind: 'open'; readonly id: string }
  | { readonly kind: 'narrow'; readonly jobId: string | undefined }
  | { readonly kind: 'refused' };

const ID = /^(evt|dlv|ep)_[0-9a-z]{26}$/i;
const QUOTES = /^["'`]+|["'`,;]+$/g;

/** Reads what was typed or pasted; an id may come with the quotes that stood around it. */
export function readEventSearch(text: string): EventSearch {
  const plain = text.trim();
  const id = plain.replace(QUOTES, '');
  if (ID.test(id)) return { kind: 'open', id: id.toLowerCase() };
  if (plain === '') return { kind: 'narrow', jobId: undefined };
  const jobId = readText(plain, JOB_ID_MAX_CHARACTERS);
  return jobId === null ? { kind: 'refused' } : { kind: 'narrow', jobId };
}
