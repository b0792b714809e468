import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

/** Pages load from this server alone, and no script or style may stand in a page. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

const common = {
  contentSecurityPolicy,
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
  // What else the operator serves under this name is not for us to bind.
  strictTransportSecurity: { includeSubDomains: false },
} as const;

/** What helmet puts on an answer; it is the same for all, and making it anew costs twelve calls. */
function headersOf(options: HelmetOptions): Readonly<Record<string, string>> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options)(response.req, response, () => undefined);
  return response.getHeaders() as Record<string, string>;
}

/** The headers of every answer, those that are written without a request too. */
export const guardHeaders = headersOf({ ...common, crossOriginOpenerPolicy: false, originAgentCluster: false });
const guardAnywhere = Object.entries(guardHeaders);
const guardWhereTrusted = Object.entries(headersOf(common));

const LOCAL = /^(?:localhost|[^:]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d*)?$/;

/** Elsewhere browsers ignore some of the headers, and say so in their log on every page. */
function isTrustedByBrowsers(request: Request): boolean {
  const { host = '', 'x-forwarded-host': askedHost, 'x-forwarded-proto': askedBy } = request.headers;
  // Express asks for each request whether its sender is a trusted proxy; this server itself speaks no TLS.
  if (askedHost === undefined && askedBy === undefined) return LOCAL.test(host);
  return request.secure || LOCAL.test(request.hostname);
}

/** Puts the headers on an answer that tell browsers what it may do. */
export function guardAnswer(request: Request, response: Response): void {
  for (const [name, value] of isTrustedByBrowsers(request) ? guardWhereTrusted : guardAnywhere) {
    response.setHeader(name, value);
  }
}

/** For the console's page, whose components write styles of their own. @param nonce new with each answer */
export function guardPage(nonce: string): RequestHandler {
  const { directives } = contentSecurityPolicy;
  const styleSrc = [...directives.styleSrc, `'nonce-${nonce}'`];
  return helmet.contentSecurityPolicy({ useDefaults: false, directives: { ...directives, styleSrc } });
}
