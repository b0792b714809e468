import { decodeTypeId, type IdKind } from '@posthorn/domain/type-id';
import { invalid, notFound } from '../http/app-error.ts';

/**
 * Reads an id that stands in a path.
 *
 * @throws AppError `not_found`: what has no valid id does not exist
 */
export function readPathId(kind: IdKind, text: string): string {
  const id = decodeTypeId(kind, text);
  if (id === null) throw notFound();
  return id;
}

/**
 * Reads an id that filters a list.
 *
 * @throws AppError `invalid` when it is malformed; one that is unknown just finds nothing
 */
export function readFilterId(kind: IdKind, path: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const id = decodeTypeId(kind, text);
  if (id === null) throw invalid({ path, message: 'is not a valid id' });
  return id;
}
