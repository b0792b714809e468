import type { Duplex } from 'node:stream';

/** What the parser is given at a time: it cannot be stopped within it, and Node reads 64 KB at once. */
const MAX_PIECE_BYTES = 2_048;

/** Hands on what arrives in pieces, so that a reader who has enough is not given the rest. */
export function readInPieces(socket: Duplex): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: Buffer | null) => {
    if (chunk === null || chunk.length <= MAX_PIECE_BYTES) return push(chunk);
    let wantsMore = true;
    for (let from = 0; from < chunk.length && !socket.destroyed; from += MAX_PIECE_BYTES) {
      wantsMore = push(chunk.subarray(from, from + MAX_PIECE_BYTES));
    }
    return wantsMore;
  };
}
