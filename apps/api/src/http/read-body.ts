import { isNestedDeeper } from '@posthorn/domain/raw-json/is-nested-deeper';
import { minifyJson } from '@posthorn/domain/raw-json/minify-json';
import express, { type Request, type Response } from 'express';
import { AppError, invalid } from './app-error.ts';

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

const parserOf = new Map<number, ReturnType<typeof express.raw>>();

function rawParser(limitBytes: number): ReturnType<typeof express.raw> {
  const parser = parserOf.get(limitBytes) ?? express.raw({ type: () => true, inflate: false, limit: limitBytes });
  parserOf.set(limitBytes, parser);
  return parser;
}

const refusedBody: Readonly<Record<string, () => AppError>> = {
  'entity.too.large': () => new AppError('payload_too_large'),
  'encoding.unsupported': () => new AppError('unsupported_media_type'),
  'request.size.invalid': () => invalid({ path: '', message: 'does not have the length that was announced' }),
  'request.aborted': () => invalid({ path: '', message: 'was cut off' }),
};

function readBytes(request: Request, response: Response, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    rawParser(limitBytes)(request, response, (error?: Error) => {
      if (!error) return resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      const { type } = error as Error & { type?: string };
      reject(refusedBody[type ?? '']?.() ?? error);
    });
  });
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid({ path: '', message: 'is not valid UTF-8' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid({ path: '', message: 'is not valid JSON' });
  }
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Reads a JSON body.
 *
 * @returns `null` when the request has none
 * @throws AppError `unsupported_media_type`, `payload_too_large` or `invalid`
 */
export async function readBody(request: Request, response: Response, limitBytes: number): Promise<JsonBody | null> {
  if (!hasBody(request)) return null;
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw new AppError('unsupported_media_type');
  const bytes = await readBytes(request, response, limitBytes);
  if (bytes.length === 0) return null;
  const text = decode(bytes);
  // Before it is parsed: what is deep costs a parser a hundred times what it costs to see that it is.
  if (isNestedDeeper(text, MAX_DEPTH))
    throw invalid({ path: '', message: `is nested deeper than ${MAX_DEPTH} levels` });
  return { value: parse(text), text: minifyJson(text) };
}
