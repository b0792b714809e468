/** Since when the API has not answered, in ms since the epoch; `null` while it does. */
let silentSince: number | null = null;
const listeners = new Set<() => void>();

function set(since: number | null): void {
  if ((since === null) === (silentSince === null)) return;
  silentSince = since;
  for (const listener of listeners) listener();
}

export const noteAnswer = (): void => set(null);
export const noteSilence = (): void => set(Date.now());

export function subscribeToSilence(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
export const readSilence = (): number | null => silentSince;
