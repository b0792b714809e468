import type { AttemptPlace } from '@posthorn/store/tenant/find-attempts';

/** A place in the list of all attempts as its cursors hold it: when in ms since the epoch, of which delivery, number. */
export const writeAttemptPlace = ({ startedAt, deliveryId, number }: AttemptPlace): string =>
  `${startedAt.getTime()} ${deliveryId} ${number}`;

/** Reads it back. @param place in that form */
export function readAttemptPlace(place: string): AttemptPlace {
  const [ms, deliveryId = '', number] = place.split(' ');
  return { startedAt: new Date(Number(ms)), deliveryId, number: Number(number) };
}
