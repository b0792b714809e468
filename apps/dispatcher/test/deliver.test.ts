import { describe, expect, jest, test } from '@jest/globals';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import { type DeliverDeps, deliver } from '../src/deliver.ts';
import { createEndpointGate } from '../src/gate/create-endpoint-gate.ts';
import { holdTurn } from '../src/gate/hold-turn.ts';

const delivery = {
  id: 'd',
  tenantId: 't',
  endpointId: 'e',
  token: 'lease',
  endpoint: { rateLimit: null },
} as ClaimedDelivery;

/** Delivers what a claim brought, with a real gate. @returns what became of it */
async function deliverWith(over: Partial<DeliverDeps>) {
  const limits = { concurrency: 1, endpointConcurrency: 1, maxHeld: 1 };
  const gate = createEndpointGate({ ...limits, now: () => 0, onRoom: () => undefined });
  const run = jest.fn<DeliverDeps['run']>().mockRejectedValue(new Error('It was sent'));
  const putOff = jest.fn<DeliverDeps['putOff']>().mockResolvedValue();
  const deps = {
    gate,
    run,
    putOff,
    findProfile: async () => ({ ratePerSecond: null }),
    isLate: () => false,
    isStopping: () => false,
    ...over,
  } as unknown as DeliverDeps;
  await gate.enter(delivery);
  const turn = holdTurn(gate, delivery);
  const outcome = await deliver(deps, delivery, turn).catch((error: unknown) => error);
  turn.end();
  return { outcome, putOffs: putOff.mock.calls, sent: run.mock.calls.length, inFlight: gate.inFlight() };
}

describe('A claimed delivery', () => {
  test('is sent while its lease lasts long enough', async () => {
    expect(await deliverWith({})).toMatchObject({ sent: 1, putOffs: [], inFlight: 0 });
  });

  test('whose lease its request could outlast is not sent, and goes back without an attempt', async () => {
    const { outcome, ...done } = await deliverWith({ isLate: () => true });
    expect(done).toEqual({ sent: 0, putOffs: [[delivery, 0]], inFlight: 0 });
    expect(outcome).toMatchObject({ retryInMs: null, failed: false });
  });

  test('of a dispatcher that stops goes back in the same way', async () => {
    expect(await deliverWith({ isStopping: () => true })).toMatchObject({
      sent: 0,
      putOffs: [[delivery, 0]],
      inFlight: 0,
    });
  });
});
