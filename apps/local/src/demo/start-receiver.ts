import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pollUntil } from '@posthorn/local-services/poll-until';
import type { SignatureScheme } from '@posthorn/wire/profile';
import { type VerifyResult, verify } from '@posthorn/wire/verify';

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_KEPT_RECEIPTS = 100;
const CHECK_EVERY_MS = 10;

/** A webhook that came in, and whether its signature holds. */
interface Receipt {
  deliveryId: string;
  result: VerifyResult;
}

/** A receiver as a customer would write one. `trust` tells it the signing secret. */
export interface SampleReceiver {
  port: number;
  trust(signingSecret: string): void;
  received(eventId: string, timeoutMs: number): Promise<Receipt | undefined>;
  stop(): Promise<void>;
}

/**
 * Listens on 127.0.0.1, on `port` where it is still free, verifies what comes in by `scheme` and answers 200, or 401
 * when the signature does not hold. `received` waits for an event and returns undefined when it does not come in time.
 */
export async function startReceiver(scheme: SignatureScheme, port: number | undefined): Promise<SampleReceiver> {
  const receipts = new Map<string, Receipt>();
  let secrets: string[] = [];
  const answer = async (request: IncomingMessage): Promise<number> => {
    const body = await readBody(request);
    const result = verify(scheme, { headers: request.headers, body, secrets, now: Math.floor(Date.now() / 1000) });
    const { 'x-posthorn-event': eventId, 'x-posthorn-delivery': deliveryId } = request.headers;
    keep(receipts, String(eventId), { deliveryId: String(deliveryId), result });
    return result.ok ? 200 : 401;
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch(() => 413)
      .then((status) => response.writeHead(status).end())
      .catch(() => request.destroy());
  });
  await listen(server, port ?? 0).catch(() => listen(server, 0));
  return {
    port: (server.address() as AddressInfo).port,
    trust: (signingSecret) => {
      secrets = [signingSecret];
    },
    received: async (eventId, timeoutMs) => {
      await pollUntil(() => receipts.has(eventId), { timeoutMs, everyMs: CHECK_EVERY_MS });
      return receipts.get(eventId);
    },
    stop: () => close(server),
  };
}

function keep(receipts: Map<string, Receipt>, eventId: string, receipt: Receipt): void {
  receipts.set(eventId, receipt);
  const [oldest] = receipts.keys();
  if (receipts.size > MAX_KEPT_RECEIPTS && oldest !== undefined) receipts.delete(oldest);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
