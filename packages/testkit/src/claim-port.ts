import { freePort } from '@posthorn/local-services/free-port';

/** Below the ports that the product's embedded servers choose from. */
const FIRST_PORT = 10_000;
const PORTS_PER_WORKER = 1_000;
const SLICES = 10;

/** A free port of 127.0.0.1 out of this test worker's own, so that no other worker can take it before it is used. */
export function claimPort(): Promise<number> {
  const slice = Number(process.env['JEST_WORKER_ID'] ?? '1') % SLICES;
  const first = FIRST_PORT + slice * PORTS_PER_WORKER;
  return freePort({ first, last: first + PORTS_PER_WORKER - 1 });
}
