import { type ClientRequest, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Request as GotStream, RequestFunction } from 'got';

/** Bytes of response headers, trailers included, that the parser takes. */
const MAX_RESPONSE_HEADER_BYTES = 16_384;
/** got finds these on a request and does not listen for its own; nobody reads them. */
const NO_TIMINGS = { phases: {} };

type NativeOptions = ReturnType<GotStream['options']['createNativeRequestOptions']>;

/** Node writes an IPv6 address without the brackets that a URL has around it. */
const hostOf = ({ hostname }: URL): string => (hostname.startsWith('[') ? hostname.slice(1, -1) : hostname);

/**
 * got hands Node some forty options, nearly all of them undefined, and the URL, of which Node makes as many again: a fifth of
 * all memory that a delivery took. TLS terms are the agents'.
 */
export function tellNodeLess({ options }: GotStream): void {
  options.createNativeRequestOptions = (): NativeOptions => {
    const { headers, agent } = options;
    const url = options.url as URL;
    const told: RequestOptions = {
      method: 'POST',
      protocol: url.protocol,
      hostname: hostOf(url),
      port: url.port,
      path: `${url.pathname}${url.search}`,
      headers,
      agent: url.protocol === 'https:' ? agent.https : agent.http,
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
    };
    return told as NativeOptions;
  };
}

/** Makes the request that got asks for, of a stream that was told to {@link tellNodeLess}. */
export const makeRequest: RequestFunction = ({ protocol }, options): ClientRequest => {
  const request = protocol === 'https:' ? requestHttps(options) : requestHttp(options);
  return Object.assign(request, { timings: NO_TIMINGS });
};
