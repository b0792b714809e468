import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type BlockList, isIP } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy that has not opened its connection by then never will. */
const TUNNEL_MS = 10_000;
const MAX_PROXY_HEADER_BYTES = 16_384;

/** The HTTP proxy through which deliveries leave, so that they come from a fixed address. */
export interface EgressProxy {
  /** `http://` or `https://`, with the user and password that the proxy asks for. */
  readonly url: string;
  /** Networks that are reached directly. */
  readonly bypass: BlockList;
  /** For the operator: what the proxy answered instead of a connection. Never shown to a customer. */
  readonly report: (reason: string) => void;
}

/** The egress proxy opened no connection. Its answer stays with the operator: it may tell of the network behind. */
class ProxyError extends Error {
  readonly code = 'POSTHORN_PROXY';
}

const authority = (address: string, port: number): string =>
  isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
}

/** A request that asks the proxy for a connection to this address. */
function requestTunnel(proxyUrl: string, address: string, port: number): ClientRequest {
  const url = new URL(proxyUrl);
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const target = authority(address, port);
  return (secure ? httpsRequest : httpRequest)({
    method: 'CONNECT',
    host,
    port: url.port || (secure ? 443 : 80),
    ...(secure && isIP(host) === 0 && { servername: host }),
    path: target,
    headers: { host: target, ...credentialsOf(url) },
    agent: false,
    // Said here, so that no variable of the environment can say otherwise.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    maxHeaderSize: MAX_PROXY_HEADER_BYTES,
  });
}

/**
 * Asks the proxy for a connection (HTTP CONNECT). The address goes out as it was checked, not as a name that the proxy
 * would look up once more.
 *
 * @throws ProxyError
 */
export function openTunnel(proxy: EgressProxy, address: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const request = requestTunnel(proxy.url, address, port);
    const fail = (reason: string): void => {
      clearTimeout(timer);
      proxy.report(reason);
      reject(new ProxyError(reason));
      request.off('error', onError).on('error', () => undefined);
      request.destroy();
    };
    const onError = ({ code }: NodeJS.ErrnoException): void => fail(code ?? 'broke off');
    const timer = setTimeout(() => fail('did not answer'), TUNNEL_MS);
    request.on('error', onError);
    request.on('connect', ({ statusCode }, socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        return fail(`answered ${statusCode}`);
      }
      clearTimeout(timer);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}
