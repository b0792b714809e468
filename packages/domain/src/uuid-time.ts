/** Hexadecimal digits of a UUIDv7 that hold its moment: 48 bits of ms since the epoch. */
const TIME_DIGITS = 12;
const MAX_TIME_MS = 2 ** 48 - 1;

/** The moment, in ms, at which a UUIDv7 was made. @param uuid in the usual form, with dashes */
export const uuidMoment = (uuid: string): Date => new Date(Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16));

const hexOf = (at: Date): string =>
  Math.min(Math.max(at.getTime(), 0), MAX_TIME_MS).toString(16).padStart(TIME_DIGITS, '0');

/** The least UUID of a moment: ids made at it or later are not below, ids made before it are. */
export function uuidFloor(at: Date): string {
  const hex = hexOf(at);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** The greatest UUID of a moment. */
export function uuidCeiling(at: Date): string {
  const hex = hexOf(at);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-ffff-ffff-ffffffffffff`;
}
