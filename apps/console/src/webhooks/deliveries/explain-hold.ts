/**
 * Until when a delivery waits for the one before it, in a sentence.
 *
 * @param skipAfter failed attempts after which that one is passed; `null`: it never is
 */
export function explainHold(skipAfter: number | null): string {
  const ended = 'Each is sent when the one before it has ended, whichever way';
  if (skipAfter === null) return `${ended}.`;
  return `${ended}, or has failed ${skipAfter === 1 ? 'once' : `${skipAfter} times`}.`;
}
