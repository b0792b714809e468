import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

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

const common = { referrerPolicy: { policy: 'no-referrer' }, xFrameOptions: { action: 'deny' } } as const;

/** Puts the headers on an answer that tell browsers what it may do. */
export const guardAnswer = helmet({ contentSecurityPolicy, ...common });

/** The same for the console's page, whose components write styles of their own. @param nonce new with each answer */
export function guardPage(nonce: string): ReturnType<typeof helmet> {
  const { directives } = contentSecurityPolicy;
  const styleSrc = [...directives.styleSrc, `'nonce-${nonce}'`];
  return helmet({ contentSecurityPolicy: { useDefaults: false, directives: { ...directives, styleSrc } }, ...common });
}

/** The same headers, for answers that are written without a request. */
export const guardHeaders: Readonly<Record<string, string>> = (() => {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  guardAnswer(response.req, response, () => undefined);
  return response.getHeaders() as Record<string, string>;
})();
