import { IDEMPOTENCY_KEY_MAX_CHARACTERS, idempotencyKey } from '@posthorn/http-api/event';
import { invalid } from '../http/app-error.ts';

const PATH = 'Idempotency-Key';
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Header values arrive as Latin-1; a client that sent UTF-8 meant that. */
function decode(value: string): string {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** @throws AppError `invalid` */
export function readKeyHeader(value: string | undefined): string | null {
  if (value === undefined) return null;
  const key = decode(value);
  if (idempotencyKey.safeParse(key).success) return key;
  throw invalid({ path: PATH, message: `must have 1 to ${IDEMPOTENCY_KEY_MAX_CHARACTERS} characters` });
}

/**
 * The key of a single event, from the header or from the body's `id`.
 *
 * @throws AppError `invalid` when both are there and differ
 */
export function readIdempotencyKey(header: string | undefined, bodyId: string | undefined): string | null {
  const key = readKeyHeader(header);
  if (key !== null && bodyId !== undefined && key !== bodyId) {
    throw invalid({ path: 'id', message: `differs from the header ${PATH}` });
  }
  return key ?? bodyId ?? null;
}
