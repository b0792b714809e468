import { encodeTypeId } from '@posthorn/domain/type-id';
import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import { ageMs, type RequestContext } from './request-context.ts';

const MS_PER_SECOND = 1e3;

const keyOf = ({ caller }: RequestContext): string | null =>
  caller?.kind === 'tenant' ? encodeTypeId('apiKey', caller.keyId) : (caller?.keyId ?? null);

/** Writes one line and one measurement when a request is over. Never a query string: receivers put tokens there. */
export function observe(
  request: Request,
  response: Response,
  context: RequestContext,
  deps: Pick<Deps, 'log' | 'httpMetrics'>,
): void {
  response.once('close', () => {
    const durationMs = ageMs(context);
    const { method } = request;
    const { ref, route, tenantId, code, accepted } = context;
    // A client that hung up has no status; 499 is what proxies write.
    const status = response.writableFinished ? response.statusCode : 499;
    deps.httpMetrics.requests.labels(method, route, String(status)).observe(durationMs / MS_PER_SECOND);
    deps.log.info('request', {
      ref,
      method,
      route,
      status,
      duration_ms: Math.round(durationMs * 100) / 100,
      tenant: tenantId && encodeTypeId('tenant', tenantId),
      key: keyOf(context),
      ...(code !== null && { code }),
      ...accepted,
    });
  });
}
