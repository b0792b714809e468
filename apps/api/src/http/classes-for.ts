import { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express } from 'express';

/** Of which Node makes each request, and what answers it. */
export interface ExchangeClasses {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse;
}

/**
 * Classes whose objects have the prototypes of an app from the beginning. Express gives them to each of Node's own when it
 * comes, after which most of what a request allocates outlives the next collection, and it takes half as long again
 * (docs/performance.md).
 */
export function classesFor(app: Express): ExchangeClasses {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Asked extends IncomingMessage = IncomingMessage> extends ServerResponse<Asked> {}
  app.request = inherit(AppRequest.prototype, express.request, app) as Express['request'];
  app.response = inherit(AppResponse.prototype, express.response, app) as Express['response'];
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}

/** As Express makes the prototypes that it gives away: they inherit its own, and know their app. */
function inherit(prototype: object, own: object, app: Express): object {
  Object.setPrototypeOf(prototype, own);
  return Object.defineProperty(prototype, 'app', { configurable: true, enumerable: true, writable: true, value: app });
}
