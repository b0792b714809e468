/**
 * How many wait in all shards.
 *
 * @throws when an answer is no count: taken for one, it would stand for a queue that is never full, and never be asked again
 */
export function sumCounts(counts: readonly unknown[]): number {
  return counts.reduce<number>((sum, count) => {
    if (typeof count !== 'number' || !Number.isSafeInteger(count))
      throw new Error(`Redis answered ${String(count)} where it was asked how many wait`);
    return sum + count;
  }, 0);
}
