import type { Producer } from '@posthorn/queue/create-producer';
import type { Request, RequestHandler, Response } from 'express';
import { type Options, rateLimit } from 'express-rate-limit';
import { type RedisReply, RedisStore } from 'rate-limit-redis';
import { AppError } from './app-error.ts';
import { contextOf } from './request-context.ts';
import { sendProblem } from './send-problem.ts';

const WINDOW_MS = 1_000;
const RETRY_AFTER_SECONDS = 1;
const PREFIX = 'posthorn:rate:';

/** The library's store gives up for good when Redis is away while it loads its script; this one loads it again. */
class PatientStore extends RedisStore {
  private loaded = false;

  override async init(options: Options): Promise<void> {
    this.windowMs = options.windowMs;
  }

  override async increment(key: string) {
    if (!this.loaded) {
      this.loaded = true;
      this.incrementScriptSha = this.loadIncrementScript(key);
    }
    try {
      return await super.increment(key);
    } catch (error) {
      this.loaded = false;
      throw error;
    }
  }
}

/**
 * Limits requests per key over all API processes; requests pass when Redis does not answer in time.
 *
 * @param perSecond 0 turns it off, and gives `null`
 */
export function limitRate(perSecond: number, { command }: Pick<Producer, 'command'>): RequestHandler | null {
  if (perSecond === 0) return null;
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perSecond,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    passOnStoreError: true,
    validate: false,
    logger: { warn: () => undefined, error: () => undefined },
    keyGenerator: (_request, response) => contextOf(response).caller?.keyId ?? 'nobody',
    store: new PatientStore({
      prefix: PREFIX,
      sendCommand: (name: string, ...args: string[]) => command(name, ...args) as Promise<RedisReply>,
    }),
    handler: (_request, response) => {
      const headers = { 'Retry-After': String(RETRY_AFTER_SECONDS) };
      sendProblem(response, new AppError('rate_limited', { headers }));
    },
  });
}

/** Resolves when the limiter lets the request pass, or has answered it. */
export function limitRequest(limiter: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('close', resolve);
    void limiter(request, response, (error?: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
}
