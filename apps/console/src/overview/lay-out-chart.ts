import { type FateCounts, fates } from './count-fates.ts';

/** A bar of the chart and its parts from the bottom up, one for each fate. In pixels, y downwards. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly parts: readonly { readonly y: number; readonly height: number }[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP_SHARE = 0.2;
const MAX_GAP = 4;
/** What is there is seen, however small it is beside the rest. */
const MIN_PART = 2;
const STEPS = [1, 2, 5, 10] as const;

/** The end of an axis that has room for a value: 1, 2 or 5 and zeros. */
export function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (STEPS.find((step) => step * power >= value) ?? 10);
}

/** Where the bars stand. @param ceiling the value at the top, more than 0 */
export function layOutBars(buckets: readonly FateCounts[], ceiling: number, { width, height }: Size): readonly Bar[] {
  const step = width / Math.max(1, buckets.length);
  const gap = Math.min(MAX_GAP, step * GAP_SHARE);
  const tall = (count: number): number => (count === 0 ? 0 : Math.max(MIN_PART, (count / ceiling) * height));
  return buckets.map((counts, index) => {
    let top = height;
    const parts = fates.map((fate) => {
      const part = tall(counts[fate]);
      top = Math.max(0, top - part);
      return { y: top, height: part };
    });
    return { x: index * step + gap / 2, width: step - gap, parts };
  });
}

/** A line through values at the middle of their buckets, as SVG path data; it breaks where there is no value. */
export function layOutLine(values: readonly (number | null)[], ceiling: number, { width, height }: Size): string {
  const step = width / Math.max(1, values.length);
  return values
    .map((value, index) => {
      if (value === null) return '';
      const at = `${((index + 0.5) * step).toFixed(1)} ${(height - (value / ceiling) * height).toFixed(1)}`;
      const goesOn = typeof values[index - 1] === 'number';
      // A point between two gaps is a line of no length, which a round cap makes a dot.
      return goesOn ? `L${at}` : `M${at}L${at}`;
    })
    .join('');
}

/** Which bucket a point is in. @param share 0 at the left, 1 at the right */
export const bucketAt = (share: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(share * count)));
