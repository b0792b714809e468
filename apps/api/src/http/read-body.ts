import type { IncomingMessage } from 'node:http';
import { isNestedDeeper } from '@posthorn/domain/raw-json/is-nested-deeper';
import { minifyJson } from '@posthorn/domain/raw-json/minify-json';
import { parseInSteps } from '@posthorn/domain/raw-json/parse-in-steps';
import { AppError, invalid } from './app-error.ts';
import type { BodyHold } from './body-room.ts';
import { receiveBody } from './receive-body.ts';

/** A parsed body, and its text as it was written. */
export interface JsonBody {
  readonly value: unknown;
  /** Without insignificant white space; numbers and escapes as they came. */
  readonly text: string;
}

/** Objects and arrays inside each other at the most. */
const MAX_DEPTH = 64;
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json *(?:; *charset="?utf-8"? *)?$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid({ path: '', message: 'is not valid UTF-8' });
  }
}

function* parse(text: string): Generator<void, unknown> {
  try {
    return yield* parseInSteps(text);
  } catch {
    throw invalid({ path: '', message: 'is not valid JSON' });
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Reads the bytes of a JSON body, for {@link parseBody}.
 *
 * @returns `null` when the request has none
 * @throws AppError `unsupported_media_type`, `payload_too_large` or `invalid`; Overloaded when there is no room
 */
export async function readBody(request: IncomingMessage, hold: BodyHold, limitBytes: number): Promise<Buffer | null> {
  if (!hasBody(request)) return null;
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw new AppError('unsupported_media_type');
  const bytes = await receiveBody(request, hold, limitBytes);
  return bytes.length === 0 ? null : bytes;
}

/**
 * Parses a body, in steps of which none takes more than some 50 ms.
 *
 * @throws AppError `invalid`
 */
export function* parseBody(bytes: Buffer): Generator<void, JsonBody> {
  const text = decode(bytes);
  yield;
  // Before it is parsed: what is deep costs a parser a hundred times what it costs to see that it is.
  if (isNestedDeeper(text, MAX_DEPTH))
    throw invalid({ path: '', message: `is nested deeper than ${MAX_DEPTH} levels` });
  yield;
  const value = yield* parse(text);
  yield;
  return { value, text: minifyJson(text) };
}
