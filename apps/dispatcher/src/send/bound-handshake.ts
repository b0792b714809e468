import type { Duplex } from 'node:stream';

/**
 * Bytes that a receiver may send until its TLS handshake is over, nearly all of them certificates. OpenSSL verifies every one
 * of them at once, and meanwhile this process does nothing else; it would take 100 KB, and real chains have less than 16 KB.
 */
const MAX_HANDSHAKE_BYTES = 24_576;

/** Verifying real chains takes one or two. */
const DEAR_HANDSHAKE_MS = 25;

/** CPU time in ms: a process that others keep waiting has not had a dear handshake. */
function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

class HandshakeError extends Error {
  readonly code = 'POSTHORN_HANDSHAKE';
}

/** A handshake, as far as it has come. */
export interface BoundHandshake {
  /** Whether what arrived until its end took much of this process's time to work through. */
  wasDear(): boolean;
  over(): void;
}

/**
 * Bounds the handshake of a connection that TLS is about to be spoken over. To be given to TLS as a stream, or before it is
 * connected: Node would read past it.
 */
export function boundHandshake(carrier: Duplex): BoundHandshake {
  const push = carrier.push.bind(carrier);
  let leftBytes = MAX_HANDSHAKE_BYTES;
  let busyMs = 0;
  let isOver = false;
  // Everything that arrives comes through here, and TLS works it through before this returns.
  carrier.push = (chunk: Buffer | null) => {
    if (isOver) return push(chunk);
    leftBytes -= chunk?.length ?? 0;
    if (leftBytes < 0) {
      carrier.destroy(new HandshakeError('The TLS handshake is too large'));
      return false;
    }
    const usedBeforeMs = usedMs();
    const wantsMore = push(chunk);
    busyMs += usedMs() - usedBeforeMs;
    return wantsMore;
  };
  return {
    wasDear: () => busyMs > DEAR_HANDSHAKE_MS,
    over() {
      isOver = true;
    },
  };
}
