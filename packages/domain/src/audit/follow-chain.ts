import { type ChainedEntry, hashEntry } from './hash-entry.ts';

/** Where a chain stands: after so many entries, with this hash. */
export interface ChainPlace {
  readonly number: number;
  readonly hash: Uint8Array;
}

/** Before the first entry. */
export const chainStart: ChainPlace = { number: 0, hash: new Uint8Array() };

/** Where a chain does not hold, and why. */
export interface ChainBreak {
  readonly number: number;
  readonly problem: string;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);

function problemOf(entry: ChainedEntry, before: ChainPlace): string | null {
  if (entry.number !== before.number + 1) return 'entries before this one are missing';
  if (!same(entry.previousHash, before.hash)) return 'it does not follow the entry before it';
  return same(entry.hash, hashEntry(entry)) ? null : 'it was altered';
}

/**
 * Follows a part of a chain, its entries in their order.
 *
 * @returns the place after them, or the first entry that does not hold
 */
export function followChain(start: ChainPlace, entries: readonly ChainedEntry[]): ChainPlace | ChainBreak {
  let place = start;
  for (const entry of entries) {
    const problem = problemOf(entry, place);
    if (problem) return { number: entry.number, problem };
    place = { number: entry.number, hash: entry.hash };
  }
  return place;
}

/** Whether the chain ends where it is said to end; `null`: it does. */
export function findEndBreak(place: ChainPlace, end: ChainPlace): ChainBreak | null {
  if (place.number !== end.number) {
    return { number: place.number + 1, problem: `entries are missing at the end: there were ${end.number}` };
  }
  return same(place.hash, end.hash)
    ? null
    : { number: place.number, problem: 'it is not the last one that was written' };
}
