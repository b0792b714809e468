/** So many times what is left free one owner may have waiting: alone four of five places, and the others have the fifth. */
const SHARE = 4;

/** Whether one more of an owner's may wait (a dynamic threshold: who fills the line leaves places for whoever comes next). */
export function hasPlace(length: number, places: number, own: number): boolean {
  return own < SHARE * (places - length);
}

/** How many of each owner's are in a line. */
export function countOwners<Item>(ownerOf: (item: Item) => string) {
  const counts = new Map<string, number>();
  const ownOf = (owner: string): number => counts.get(owner) ?? 0;
  return {
    add: (item: Item): void => void counts.set(ownerOf(item), ownOf(ownerOf(item)) + 1),
    remove(item: Item): void {
      const owner = ownerOf(item);
      if (ownOf(owner) > 1) counts.set(owner, ownOf(owner) - 1);
      else counts.delete(owner);
    },
    /** Of the one who owns this item. */
    countWith: (item: Item): number => ownOf(ownerOf(item)),
  };
}

/** Takes from the line, of each owner the longest waiting, owner by owner, until it has as many; the rest keeps its order. */
export function takeInTurn<Item>(line: Item[], count: number, ownerOf: (item: Item) => string): Item[] {
  if (line.length <= count) return line.splice(0);
  const met = new Map<string, number>();
  const rounds: Item[][] = [];
  for (const item of line) {
    const owner = ownerOf(item);
    const round = met.get(owner) ?? 0;
    met.set(owner, round + 1);
    const others = rounds[round];
    if (others) others.push(item);
    else rounds.push([item]);
  }
  const taken = new Set(rounds.flat().slice(0, count));
  line.splice(0, line.length, ...line.filter((item) => !taken.has(item)));
  return [...taken];
}
