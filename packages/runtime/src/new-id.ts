import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES_PER_ID = 16;
/** Randomness is drawn for so many ids at once: a draw for each cost more than all the rest of an id. */
const IDS_PER_DRAW = 256;

const drawn = new Uint8Array(BYTES_PER_ID * IDS_PER_DRAW);
let used = drawn.length;
let lastMs = 0;
let sequence = 0;

function takeRandom(): Uint8Array {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += BYTES_PER_ID;
  return drawn.subarray(used - BYTES_PER_ID, used);
}

/**
 * A UUIDv7 (RFC 9562) of this moment: ids sort by creation, within a process also those of one millisecond, by a counter that
 * begins at random with each (its method 1).
 */
export function newId(): string {
  const random = takeRandom();
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    const [a = 0, b = 0, c = 0, d = 0] = random;
    sequence = ((a & 0x7f) << 24) | (b << 16) | (c << 8) | d;
  } else {
    sequence += 1;
  }
  return v7({ random, msecs: lastMs, seq: sequence });
}
