const BYTES = 16;

/** A key that makes one request safe to repeat. `crypto.randomUUID` is missing where the console comes over plain HTTP. */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return `console-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
