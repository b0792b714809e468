import { invalid } from './app-error.ts';

/** Raised when the form changes; cursors of an older form are refused. */
const VERSION = '2';
const SHAPE = /^[A-Za-z0-9_-]+$/;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ID = new RegExp(`^${UUID}$`);

/** By list, what its cursors hold. A cursor of one list is none of another. */
const patterns = {
  tenants: ID,
  keys: ID,
  endpoints: ID,
  events: ID,
  deliveries: ID,
  audit: ID,
  attempts: /^[1-9]\d{0,3}$/,
  'all attempts': new RegExp(`^\\d{1,14} ${UUID} [1-9]\\d{0,3}$`),
  types: /^(?:profile|tenant) [\w.-]{1,128}$/,
} as const;

/** What a cursor points into. */
export type CursorKind = keyof typeof patterns;
/** Lists whose rows have ids. */
export type IdList = Exclude<CursorKind, 'attempts' | 'all attempts' | 'types'>;

/** Makes the opaque text that stands for a place in a list. */
export const encodeCursor = (kind: CursorKind, place: string | null): string | null =>
  place === null ? null : Buffer.from(`${VERSION} ${kind} ${place}`).toString('base64url');

/**
 * Reads a cursor back.
 *
 * @returns `null` when none was given
 * @throws AppError `invalid` when it is not one of this list's
 */
export function decodeCursor(kind: CursorKind, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const text = SHAPE.test(cursor) ? Buffer.from(cursor, 'base64url').toString() : '';
  const start = `${VERSION} ${kind} `;
  const place = text.slice(start.length);
  if (!text.startsWith(start) || !patterns[kind].test(place)) {
    throw invalid({ path: 'cursor', message: 'is not a cursor of this list' });
  }
  return place;
}
