import type { ProblemCode } from '@posthorn/http-api/problem';

/** What a code of a refusal stands for. */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  /** Said when the refusal itself says nothing more exact. */
  readonly detail: string;
}

/** Every refusal of the API, with its HTTP status. The page /docs/errors is made from this. */
export const errorCatalog: Readonly<Record<ProblemCode, ErrorEntry>> = {
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    detail: 'Send a valid API key as "Authorization: Bearer <key>".',
  },
  forbidden: { status: 403, title: 'Forbidden', detail: 'This key does not have the scope that the request needs.' },
  not_found: { status: 404, title: 'Not found', detail: 'There is no such object, or it is not yours.' },
  invalid: { status: 400, title: 'Invalid request', detail: 'The request is malformed.' },
  conflict: { status: 409, title: 'Conflict', detail: 'The state of the object does not allow this.' },
  QuotaExceeded: { status: 402, title: 'Quota exceeded', detail: 'A quota of this tenant is reached.' },
  payload_too_large: { status: 413, title: 'Payload too large', detail: 'The body is larger than this route takes.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send JSON in UTF-8, uncompressed, with "Content-Type: application/json".',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'This key sends more requests than it may; slow down.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong on our side. Name the ref when you report it.',
  },
  unavailable: { status: 503, title: 'Unavailable', detail: 'The service cannot work right now. Try again shortly.' },
};
