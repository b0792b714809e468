/** A BIGINT as the number it was made from: what is stored there is a safe integer. */
export const numberOf = (value: bigint | null): number | null => (value === null ? null : Number(value));
