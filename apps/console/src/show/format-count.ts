const whole = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** Tenths of a percent. */
const TENTHS = 1_000;

/** A count with its thousands set apart. */
export const formatCount = (count: number): string => whole.format(count);

/** A share as a percentage; what is not all is never rounded up to 100 %. @param share 0 to 1 */
export function formatShare(share: number): string {
  if (share === 1) return '100%';
  return percent.format(Math.floor(share * TENTHS) / TENTHS);
}
