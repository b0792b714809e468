import type { Response } from 'express';

/** What a handler gives back. `body` is sent as JSON; `text` is sent as it stands. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: { readonly type: string; readonly content: string | Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent: Answer = { status: 204 };

/** For answers that hold a secret, which is shown this once. */
export const noStore = { 'Cache-Control': 'no-store' };

/** Sends an answer, unless the request has been answered (by its deadline) or is gone. */
export function sendAnswer(response: Response, { status, body, text, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  if (headers) for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (text) response.setHeader('Content-Type', text.type);
  else if (body !== undefined && !response.hasHeader('Content-Type')) {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
  }
  response.end(text ? text.content : body === undefined ? undefined : JSON.stringify(body));
}
