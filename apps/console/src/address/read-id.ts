import { decodeTypeId, type IdKind } from '@posthorn/domain/type-id';

/** An id of that kind; `null` for anything else. */
export const readId = (value: unknown, kind: IdKind): string | null =>
  typeof value === 'string' && decodeTypeId(kind, value) !== null ? value : null;
