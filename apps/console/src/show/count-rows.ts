import { formatCount } from './format-count.ts';

/**
 * How many rows a list has, for example `1 delivery` or `50+ deliveries`.
 *
 * @param isComplete whether there are no others
 * @param words what one is called, and what several are
 */
export const countRows = (rows: number, isComplete: boolean, [one, several]: readonly [string, string]): string =>
  `${formatCount(rows)}${isComplete ? '' : '+'} ${rows === 1 && isComplete ? one : several}`;
