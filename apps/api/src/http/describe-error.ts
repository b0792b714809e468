const MAX_MESSAGE_CHARACTERS = 300;
const STACK_LINES = 6;
/** Their messages are ours. Those of the database's classes carry query arguments, that is payloads and secrets. */
const OWN_CLASSES = new Set<unknown>([Error, TypeError, RangeError, SyntaxError]);

/** What the log may say of an error that nobody expected. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...(OWN_CLASSES.has(error.constructor) && { reason: error.message.slice(0, MAX_MESSAGE_CHARACTERS) }),
    ...(typeof code === 'string' && { error_code: code }),
    at: frames.slice(0, STACK_LINES).map((line) => line.trim()),
  };
}
