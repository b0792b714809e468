/** What a profile without types is sent. */
const BUILT_IN = 'webhook.test';

/**
 * Which type the API sends as a test where none is named: the first that the endpoint wants and the catalog has, else the
 * catalog's first.
 */
export const chooseTestType = (wanted: readonly string[], catalog: readonly string[]): string =>
  wanted.find((name) => catalog.includes(name)) ?? catalog[0] ?? BUILT_IN;
