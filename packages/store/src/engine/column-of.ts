/**
 * A column of rows that a statement unnests. One that is NULL in every row is sent empty: `unnest` fills up what is shorter,
 * and every value sent is copied six times on its way through Prisma and the driver.
 */
export const columnOf = <Value extends string | number>(
  values: readonly (Value | null)[],
): readonly (Value | null)[] => (values.every((value) => value === null) ? [] : values);
