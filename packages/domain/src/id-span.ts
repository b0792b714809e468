import { uuidCeiling, uuidFloor, uuidMoment } from './uuid-time.ts';

/** A range of ids, both ends inside. Ids hold their time, so it is a span of time as well. */
export interface IdSpan {
  readonly from: string;
  readonly to: string;
}

/** All that there are. */
export const EVERY_ID: IdSpan = {
  from: '00000000-0000-0000-0000-000000000000',
  to: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

/** From the least to the greatest of some ids, of which there is one at the least, in lower case. */
export function spanOf(ids: readonly string[]): IdSpan {
  let [from = EVERY_ID.from] = ids;
  let to = from;
  for (const id of ids) {
    if (id < from) from = id;
    if (id > to) to = id;
  }
  return { from, to };
}

/** A span that is longer by so many ms at either end. */
export const widened = ({ from, to }: IdSpan, ms: number): IdSpan => ({
  from: uuidFloor(new Date(uuidMoment(from).getTime() - ms)),
  to: uuidCeiling(new Date(uuidMoment(to).getTime() + ms)),
});
