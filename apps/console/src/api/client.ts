import type { Problem } from '@posthorn/http-api/problem';
import { isLeaving, readUntilLeaving } from './leaving.ts';

/** What the API refused, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem ? sentenceOf(problem) : (plainSentences[status] ?? `HTTP ${status}`));
    this.status = status;
    this.problem = problem;
  }
}

/** Where the API itself said nothing. */
const plainSentences: Readonly<Record<number, string>> = {
  0: 'The API cannot be reached. Check your connection.',
  404: 'There is nothing of this id.',
};

const sentenceOf = ({ detail, errors }: Problem): string =>
  errors?.length ? errors.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ') : detail;

/**
 * What every request is sent with: the session's token, and the tenant whose data this page shows. The API refuses it once the
 * browser's cookie is another tenant's, so a page never shows one under the name of another.
 */
const terms: { csrfToken: string | null; tenantId: string | null } = { csrfToken: null, tenantId: null };

/** Asked after a refusal whether the same request may succeed now: another tab may have signed in anew. */
let mayTryAgain: () => Promise<boolean> = () => Promise.resolve(false);
export const onForbidden = (ask: () => Promise<boolean>): void => void (mayTryAgain = ask);

/** Told when the session is over: it ended, or its key was revoked. */
let tellEnd: () => void = () => undefined;
export const onSessionEnd = (tell: () => void): void => void (tellEnd = tell);

export const setCsrfToken = (token: string | null): void => void (terms.csrfToken = token);
export const setActingTenant = (tenantId: string | null): void => void (terms.tenantId = tenantId);
export const actingTenant = (): string | null => terms.tenantId;

/** Query fields; those that are undefined or empty are left out. */
export type QueryFields = Readonly<Record<string, string | number | undefined | null>>;

export function queryText(fields: QueryFields): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : '';
}

async function readProblem(response: Response): Promise<Problem | null> {
  if (!(response.headers.get('content-type') ?? '').includes('json')) return null;
  return response.json().catch(() => null) as Promise<Problem | null>;
}

/** A body that is JSON already and is sent as it was written: parsing it would lose digits of numbers. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const isOfSession = (path: string): boolean => path.startsWith('/v1/session');

function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response | null> {
  const changes = method !== 'GET';
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(changes && terms.csrfToken !== null && { 'x-csrf-token': terms.csrfToken }),
    ...(terms.tenantId !== null && !isOfSession(path) && { 'x-tenant-id': terms.tenantId }),
  };
  const sent = {
    method,
    headers,
    credentials: 'same-origin',
    ...(signal && { signal }),
    ...(body !== undefined && { body: body instanceof JsonText ? body.text : JSON.stringify(body) }),
  } as const;
  return fetch(path, sent).catch(() => null);
}

async function request<Result>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Result> {
  const { csrfToken } = terms;
  let response = await send(method, path, body, signal);
  if (response?.status === 403 && !isOfSession(path) && (await mayTryAgain()))
    response = await send(method, path, body, signal);
  if (!response) throw new ApiError(0, null);
  // A key that is refused at the sign-in ends no session, and neither does an answer that comes after the next sign-in.
  const isOfThisPage = !isOfSession(path) && !isLeaving() && csrfToken === terms.csrfToken;
  if (response.status === 401 && isOfThisPage) tellEnd();
  if (!response.ok) throw new ApiError(response.status, await readProblem(response));
  return (response.status === 204 ? undefined : await response.json()) as Result;
}

/**
 * Asks the API, with the session's cookie.
 *
 * @param body sent as JSON. @returns the answer's JSON; undefined for an answer without any
 * @throws ApiError
 */
export function call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
  if (method !== 'GET' || isOfSession(path)) return request<Result>(method, path, body);
  return readUntilLeaving((signal) => request<Result>(method, path, body, signal));
}

export const read = <Result>(path: string, query: QueryFields = {}): Promise<Result> =>
  call<Result>('GET', `${path}${queryText(query)}`);

/** A page of a list. */
export interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}
