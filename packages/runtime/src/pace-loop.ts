import { countOwners, hasPlace, takeInTurn } from './share-line.ts';

interface Waiting {
  readonly owner: string;
  readonly begin: () => void;
}

const ownerOf = ({ owner }: Waiting): string => owner;

/**
 * Begins so much work in a turn of the event loop and leaves the rest for the next ones, of each owner in turn. A turn stays
 * short however many ask at once, and the loop's other work (new connections, of which it takes one a turn, and the database's
 * answers) goes on between; one who asks a thousand times is no reason for another to wait.
 *
 * @param perTurn within it nothing is put off
 * @param maxWaiting who fills these places leaves some for whoever comes next
 * @returns begins work at once or later, in order for each owner, who is asked for only then; or says `false`, and never begins it
 */
export function paceLoop(perTurn: number, maxWaiting: number): (nameOwner: () => string, begin: () => void) => boolean {
  const waiting: Waiting[] = [];
  const owners = countOwners(ownerOf);
  let begun = 0;
  let turnEnds = false;

  const endTurn = (): void => {
    turnEnds = false;
    const next = takeInTurn(waiting, perTurn, ownerOf);
    next.forEach(owners.remove);
    begun = next.length;
    if (begun > 0) awaitTurn();
    for (const { begin } of next) begin();
  };

  const awaitTurn = (): void => {
    if (turnEnds) return;
    turnEnds = true;
    setImmediate(endTurn);
  };

  return (nameOwner, begin) => {
    awaitTurn();
    if (begun < perTurn) {
      begun += 1;
      begin();
      return true;
    }
    const late = { owner: nameOwner(), begin };
    if (!hasPlace(waiting.length, maxWaiting, owners.countWith(late))) return false;
    waiting.push(late);
    owners.add(late);
    return true;
  };
}
