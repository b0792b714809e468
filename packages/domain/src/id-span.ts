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
