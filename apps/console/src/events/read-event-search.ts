/** What the search box leads to: a view of what an id names, or a list narrowed to a jobId. */
export type EventSearch =
  | { readonly kind: 'open'; readonly id: string }
  | { readonly kind: 'narrow'; readonly jobId: string | undefined };

const ID = /^(evt|dlv|ep)_[0-9a-z]{26}$/i;
const QUOTES = /^["'`]+|["'`,;]+$/g;

/** Reads what was typed or pasted; an id may come with the quotes that stood around it. */
export function readEventSearch(text: string): EventSearch {
  const plain = text.trim();
  const id = plain.replace(QUOTES, '');
  if (ID.test(id)) return { kind: 'open', id: id.toLowerCase() };
  return { kind: 'narrow', jobId: plain === '' ? undefined : plain };
}
