import { decodeTypeId, type IdKind } from '@posthorn/domain/type-id';
import { ApiError } from './client.ts';

/**
 * The API's path of what an id names.
 *
 * @param list the path of its list
 * @throws ApiError 404 for what is no id of that kind, so that nothing is asked
 */
export function pathOfId(list: string, kind: IdKind, id: string): string {
  if (decodeTypeId(kind, id) === null) throw new ApiError(404, null);
  return `${list}/${id}`;
}
