import { type IdKind, idPrefixes } from '@posthorn/domain/type-id';
import { z } from 'zod';

/** An example of each, so that the document shows what an id looks like. */
const EXAMPLE_SUFFIX = '01kcrte3x7e4ta6y0v4tk8wq5m';

/** A public id in an answer: a TypeID, sortable by time. */
export const publicId = (kind: IdKind) =>
  z.string().meta({
    pattern: `^${idPrefixes[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`,
    example: `${idPrefixes[kind]}_${EXAMPLE_SUFFIX}`,
  });
