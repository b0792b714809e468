/** What is wrong with a text that should be JSON; `null` for JSON. */
export function checkJson(text: string): string | null {
  if (text.trim() === '') return 'Write JSON here, for example {}.';
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`;
  }
}

/** The same where nothing at all may stand too. */
export const checkOptionalJson = (text: string): string | null => (text.trim() === '' ? null : checkJson(text));
