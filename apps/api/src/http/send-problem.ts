import type { Problem } from '@posthorn/http-api/problem';
import { Overloaded } from '@posthorn/runtime/overloaded';
import { isUnavailable } from '@posthorn/store/is-unavailable';
import { TooManyDeliveries } from '@posthorn/store/too-many-deliveries';
import type { Response } from 'express';
import { sendAnswer } from './answer.ts';
import { AppError } from './app-error.ts';
import { errorCatalog } from './error-catalog.ts';
import { contextOf } from './request-context.ts';

const RETRY_AFTER_SECONDS = 1;

/** Turns whatever was thrown into a refusal; `null` for a bug, whose inside must not show. */
export function refusalOf(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (error instanceof TooManyDeliveries) return new AppError('payload_too_large', { detail: error.message });
  return isUnavailable(error) || error instanceof Overloaded ? new AppError('unavailable') : null;
}

/** Sends a refusal as RFC 9457 problem details. */
export function sendProblem(response: Response, refusal: AppError): void {
  const context = contextOf(response);
  const { status, title } = errorCatalog[refusal.code];
  if (!response.headersSent) context.code = refusal.code;
  const body: Problem = {
    type: `/docs/errors#${refusal.code}`,
    title,
    status,
    detail: refusal.message,
    code: refusal.code,
    ref: context.ref,
    ...(refusal.errors && { errors: [...refusal.errors] }),
    ...refusal.members,
  };
  const headers: Record<string, string> = { ...refusal.headers, 'Content-Type': 'application/problem+json' };
  if (status === 503) headers['Retry-After'] = String(RETRY_AFTER_SECONDS);
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer';
  sendAnswer(response, { status, body, headers });
}
