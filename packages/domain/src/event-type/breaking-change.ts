/** Whom a change breaks: those who post events of the type, or those who receive them. */
export type BrokenSide = 'senders' | 'receivers';

/** A difference between two schemas; path and change read as one sentence: `data.n` `is now required`. */
export interface BreakingChange {
  /** Where in the event, for example `data.lines.*.price`. */
  readonly path: string;
  readonly change: string;
  readonly breaks: BrokenSide;
}
