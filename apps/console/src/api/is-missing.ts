import { ApiError } from './client.ts';

/** Whether the API has no such thing; an id that is none is refused as a bad request. */
export const isMissing = (error: unknown): boolean => error instanceof ApiError && [400, 404].includes(error.status);
