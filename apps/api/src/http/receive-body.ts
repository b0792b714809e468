import type { IncomingMessage } from 'node:http';
import { AppError, invalid } from './app-error.ts';
import type { BodyHold } from './body-room.ts';

/** What a body without an announced length takes at first; whenever it is full it takes as much again. */
const FIRST_BYTES = 16_384;

const NOTHING = Buffer.alloc(0);

const tooLarge = (): AppError => new AppError('payload_too_large');
const cutOff = (): AppError => invalid({ path: '', message: 'was cut off' });

/** Bytes that come in pieces of whatever size, and cost no more than their number: each is copied. */
function collect(hold: BodyHold, limitBytes: number, announced: number | null) {
  let bytes: Buffer = NOTHING;
  let length = 0;
  const growTo = (capacity: number): void => {
    // One that announced its length has taken its room.
    if (announced === null) hold.take(capacity - bytes.length);
    const grown = Buffer.allocUnsafe(capacity);
    bytes.copy(grown, 0, 0, length);
    bytes = grown;
  };
  return {
    add(piece: Buffer): void {
      const needed = length + piece.length;
      if (needed > limitBytes) throw tooLarge();
      // Mostly the whole body comes at once.
      if (needed === announced && length === 0) bytes = piece;
      else {
        if (needed > bytes.length)
          growTo(announced ?? Math.min(limitBytes, Math.max(FIRST_BYTES, needed, 2 * bytes.length)));
        piece.copy(bytes, length);
      }
      length = needed;
    },
    /** Hands them over, and keeps none. */
    handOver(): Buffer {
      const whole = bytes.subarray(0, length);
      bytes = NOTHING;
      return whole;
    },
  };
}

interface Settle {
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the bytes of a body, and takes room for them: at once for a length that was announced, else as they come.
 *
 * @param hold keeps what it took, also where this fails
 * @throws AppError `unsupported_media_type` for a compressed one, `payload_too_large`, or `invalid` where it was cut off;
 *   Overloaded when there is no room; at once, or by its promise
 */
export function receiveBody(request: IncomingMessage, hold: BodyHold, limitBytes: number): Promise<Buffer> {
  const { headers } = request;
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new AppError('unsupported_media_type');
  const announced = headers['content-length'] === undefined ? null : Number(headers['content-length']);
  if ((announced ?? 0) > limitBytes) throw tooLarge();
  hold.take(announced ?? 0);
  if (request.destroyed) throw cutOff();
  const collected = collect(hold, limitBytes, announced);
  return new Promise((resolve, reject) => {
    // Listeners go with their request, since to take them off one by one costs each body as much as to add them. A request
    // stays until its answer has gone, maybe behind others', so they let go of the promise, whose value is the body.
    let open: Settle | null = { resolve, reject };
    const add = (piece: Buffer): void => {
      if (!open) return;
      try {
        collected.add(piece);
      } catch (error) {
        // What follows is read and dropped: who sends reads no answer before the end.
        collected.handOver();
        open.reject(error);
        open = null;
      }
    };
    const finish = (): void => {
      open?.resolve(collected.handOver());
      open = null;
    };
    // It comes after an error, too, and after the end.
    const abort = (): void => {
      collected.handOver();
      open?.reject(cutOff());
      open = null;
    };
    request.on('data', add).on('end', finish).on('close', abort);
  });
}
