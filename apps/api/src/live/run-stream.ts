import { setTimeout as delay } from 'node:timers/promises';
import { createEventBuffer, type Session } from 'better-sse';
import type { Response } from 'express';
import { AppError } from '../http/app-error.ts';
import { refusalOf } from '../http/send-problem.ts';
import { showDelivery } from '../routes/webhook-deliveries/show-delivery.ts';
import type { LiveNews, LiveReader } from './create-live-reader.ts';

const LIVE_INTERVAL_MS = 1_000;
/** How long a key that was revoked may still read. */
const AUTHENTICATE_EVERY_MS = 10_000;
/** Proxies close what is silent for longer, and who hung up without a word is noticed by it. */
export const HEARTBEAT_MS = 15_000;

/** A stream that is open. */
export interface LiveStream {
  readonly session: Session;
  readonly response: Response;
  readonly reader: LiveReader;
  /** Looks again whether the client may read. @throws AppError when it may not */
  readonly letInAgain: () => Promise<void>;
  /** Fires when the stream has ended. */
  readonly signal: AbortSignal;
}

function push({ session, signal }: LiveStream, news: LiveNews): void {
  if (signal.aborted || !session.isConnected) return;
  if (news.kind === 'gap') return void session.push({}, 'gap');
  for (const row of news.rows) {
    const shown = showDelivery(row);
    session.push(shown, 'delivery', shown.id);
  }
}

async function look(stream: LiveStream): Promise<void> {
  // A client that does not read gets no more until it does: what waits for it stays small.
  if (stream.response.writableNeedDrain) return;
  push(stream, await stream.reader.readChanged());
  push(stream, await stream.reader.readNew());
}

/** Whether the work was done; `false` where PostgreSQL cannot be asked now. @throws whatever else stood in the way */
async function tried(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (refusalOf(error)?.code === 'unavailable') return false;
    throw error;
  }
}

async function lookForEver(stream: LiveStream): Promise<void> {
  let letInMs = performance.now();
  while (!stream.signal.aborted) {
    if (performance.now() - letInMs >= AUTHENTICATE_EVERY_MS && (await tried(stream.letInAgain)))
      letInMs = performance.now();
    // While it cannot be told whether the client may read, it is sent nothing.
    if (performance.now() - letInMs < AUTHENTICATE_EVERY_MS) await tried(() => look(stream));
    await delay(LIVE_INTERVAL_MS, undefined, { signal: stream.signal });
  }
}

function keepAlive({ session, signal }: LiveStream): void {
  const heartbeat = setInterval(
    () => void session.batch(createEventBuffer().comment('still here').dispatch()),
    HEARTBEAT_MS,
  );
  signal.addEventListener('abort', () => clearInterval(heartbeat));
}

/**
 * Sends what is new until the client hangs up, may no longer read, or the process stops. While PostgreSQL is away the
 * stream is silent, and goes on after.
 *
 * @throws what is a bug
 */
export async function runStream(stream: LiveStream): Promise<void> {
  keepAlive(stream);
  try {
    if (stream.session.isConnected) stream.session.push({}, 'ready');
    await lookForEver(stream);
  } catch (error) {
    if (!stream.signal.aborted && !(error instanceof AppError)) throw error;
  }
}
