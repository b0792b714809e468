import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { driversOf } from '../src/drivers.ts';
import { acceptEvents } from '../src/engine/accept-events.ts';
import type { EventRequest, JobRoom, NewEvent } from '../src/engine/event-request.ts';

let arranged: Arranged;
let tenantId: string;

beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
beforeEach(async () => {
  tenantId = await arranged.tenant();
});
afterAll(() => arranged.close());

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const accept = (...requests: EventRequest[]) => acceptEvents(arranged.database, requests);

function event(over: Partial<NewEvent> = {}): NewEvent {
  return {
    id: v7(),
    tenantId,
    type: 'domain.added',
    jobId: 'job',
    payload: '{"n":1.10}',
    profile: 'connect-domain',
    profileId: null,
    timeoutMs: 5_000,
    aggregateVersion: null,
    createdAt: new Date(),
    attemptLimit: 6,
    firedWith: null,
    onlyEndpointId: null,
    ...over,
  };
}

const plain = (over: Partial<EventRequest> = {}): EventRequest => ({
  events: [event()],
  callId: v7(),
  pair: 'domain.flow.completed ssl.issued',
  idempotency: null,
  firesPairFor: null,
  endsPairOf: null,
  ...over,
});

/** A request for the pair, as the API makes it. */
function pair(jobId: string): EventRequest {
  const [a, b] = [v7(), v7()];
  const first = event({ id: a, type: 'ssl.issued', jobId, firedWith: b });
  const second = event({ id: b, type: 'domain.flow.completed', jobId, firedWith: a });
  return plain({ events: [first, second], firesPairFor: jobId });
}
const drift = (jobId: string): EventRequest =>
  plain({ events: [event({ type: 'domain.drift', jobId })], endsPairOf: jobId });

describe('Metering', () => {
  const metered = async () => {
    const rows = await arranged.database.usageRecord.findMany({ where: { tenantId } });
    expect(rows.every(({ kind }) => kind === 'api_call')).toBe(true);
    return rows.reduce((sum, { quantity }) => sum + quantity, 0);
  };

  test('An API call is metered once, however many events it emits; calls that share a statement each by themselves', async () => {
    const callId = v7();
    await accept(plain({ callId }), plain({ callId }), pair('metered'));
    expect(await metered()).toBe(2);
    await accept(plain(), plain(), plain());
    expect(await metered()).toBe(5);
  });

  test('A call that emits nothing, because an earlier one did, is not metered', async () => {
    const idempotency = { key: 'metered', position: 0, digest: digest('a') };
    await accept(plain({ idempotency }));
    await accept(plain({ idempotency }));
    await accept(pair('metered-again'));
    await accept(pair('metered-again'));
    expect(await metered()).toBe(2);
  });
});

describe('Fan-out', () => {
  test('An event gets one delivery per endpoint that subscribes to its type or to all, and no other', async () => {
    const all = await arranged.endpoint(tenantId, 'https://all.example');
    const some = await arranged.endpoint(tenantId, 'https://some.example', {
      events: ['domain.added', 'domain.drift'],
    });
    await arranged.endpoint(tenantId, 'https://other.example', { events: ['domain.drift'] });
    const foreign = await arranged.tenant();
    await arranged.endpoint(foreign, 'https://foreign.example');
    const [result] = await accept(plain());
    if (result?.kind !== 'accepted') throw new Error('Not accepted');
    expect(result.due.map(({ endpointId }) => endpointId).sort()).toEqual([all, some].sort());
    expect(result.event.deliveryCount).toBe(2);
  });

  test('A disabled endpoint gets a delivery that reads skipped, with the reason, and no job', async () => {
    await arranged.endpoint(tenantId, 'https://off.example', { status: 'disabled' });
    const [result] = await accept(plain());
    expect(result).toMatchObject({ kind: 'accepted', due: [], event: { deliveryCount: 1 } });
    const [delivery] = await arranged.database.delivery.findMany({ where: { tenantId } });
    expect(delivery).toMatchObject({
      status: 'skipped',
      dueAt: null,
      lastError: expect.stringMatching(/disabled/) as unknown,
    });
  });

  test('An event that nobody wants is stored all the same', async () => {
    const [result] = await accept(plain());
    expect(result).toMatchObject({ kind: 'accepted', due: [], event: { deliveryCount: 0 } });
    expect(await arranged.database.event.count({ where: { tenantId } })).toBe(1);
  });

  test('A test event reaches its one endpoint, whatever that subscribes to', async () => {
    await arranged.endpoint(tenantId, 'https://all.example');
    const only = await arranged.endpoint(tenantId, 'https://only.example', { events: ['domain.drift'] });
    const [result] = await accept(plain({ events: [event({ onlyEndpointId: only })] }));
    expect(result).toMatchObject({ kind: 'accepted', due: [{ endpointId: only }] });
  });

  test('Delivery ids carry the moment of their event, so that a time range is a range of ids', async () => {
    await arranged.endpoint(tenantId, 'https://all.example');
    const createdAt = new Date('2026-03-04T05:06:07.089Z');
    const [result] = await accept(plain({ events: [event({ createdAt })] }));
    const id = result?.kind === 'accepted' ? (result.due[0]?.id ?? '') : '';
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(createdAt.getTime());
    expect(id[14]).toBe('7');
  });
});

describe('Idempotency', () => {
  test('Ten requests with one key at once store one event, and all get its answer', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        accept(plain({ idempotency: { key: 'k', position: 0, digest: digest('same') } })),
      ),
    );
    const kinds = results.map(([result]) => result?.kind);
    expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'replayed')).toHaveLength(9);
    expect(new Set(results.map(([result]) => (result && 'event' in result ? result.event.id : '')))).toHaveProperty(
      'size',
      1,
    );
    expect(await arranged.database.event.count({ where: { tenantId } })).toBe(1);
  });

  test('One key with different bodies at once: one is accepted, every other conflicts', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        accept(plain({ idempotency: { key: 'k', position: 0, digest: digest(String(index)) } })),
      ),
    );
    const kinds = results.map(([result]) => String(result?.kind)).sort((a, b) => a.localeCompare(b));
    expect(kinds).toEqual(['accepted', ...Array.from({ length: 5 }, () => 'key_conflict')]);
  });

  test('A conflict in a batch accepts nothing of it', async () => {
    await accept(plain({ idempotency: { key: 'k', position: 0, digest: digest('a') } }));
    const results = await accept(plain(), plain({ idempotency: { key: 'k', position: 0, digest: digest('b') } }));
    expect(results).toEqual([{ kind: 'key_conflict', key: 'k' }]);
    expect(await arranged.database.event.count({ where: { tenantId } })).toBe(1);
  });

  test('One key twice in a batch is one event', async () => {
    const keyed = () => plain({ idempotency: { key: 'k', position: 0, digest: digest('a') } });
    const results = await accept(keyed(), keyed());
    expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'replayed']);
  });

  test('A key belongs to its tenant', async () => {
    const idempotency = { key: 'k', position: 0, digest: digest('a') };
    await accept(plain({ idempotency }));
    const other = await arranged.tenant();
    const [result] = await accept(plain({ idempotency, events: [event({ tenantId: other })] }));
    expect(result?.kind).toBe('accepted');
  });
});

describe('The pair', () => {
  test('fires once, whoever races, until a drift ends it; never half of it is stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom('pair', 'drift'), { minLength: 1, maxLength: 6 }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (rounds) => {
          const tenant = await arranged.tenant();
          tenantId = tenant;
          let live = false;
          for (const actors of rounds) {
            const results = await Promise.all(
              actors.map((kind) => accept(kind === 'pair' ? pair('job') : drift('job'))),
            );
            const fired = results.filter(([r], index) => actors[index] === 'pair' && r?.kind === 'accepted').length;
            const drifts = actors.filter((kind) => kind === 'drift').length;
            // Each drift lets it fire at most once more; without one it fires exactly once, and not again while live.
            expect(fired).toBeLessThanOrEqual(drifts + (live ? 0 : 1));
            if (drifts === 0) expect(fired).toBe(live ? 0 : 1);
            live = (await arranged.database.firedPair.count({ where: { tenantId: tenant } })) === 1;
          }
          const halves = await arranged.database.event.groupBy({
            by: ['type'],
            where: { tenantId: tenant },
            _count: true,
          });
          const count = (type: string) => halves.find((half) => half.type === type)?._count ?? 0;
          expect(count('ssl.issued')).toBe(count('domain.flow.completed'));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('A late request gets the first answer, also within one batch', async () => {
    const [first, ended, again, late] = await accept(pair('a'), drift('a'), pair('a'), pair('a'));
    expect([first, ended, again, late].map((result) => result?.kind)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'replayed',
    ]);
    expect(late).toMatchObject({ event: again && 'event' in again ? again.event : {} });
  });
});

describe('What the queue has no room for', () => {
  const others = new Map<string, number>();
  /** What one statement makes of three events with this room: of each endpoint how many got a job, and how many are parked. */
  async function fanOut(endpointIds: string[], room: JobRoom, over: Partial<NewEvent> = {}) {
    const requests = Array.from({ length: 3 }, () => plain({ events: [event(over)], room }));
    const accepted = await accept(...requests);
    const due = accepted.flatMap((each) => (each.kind === 'accepted' ? each.due : []));
    const parked = await arranged.database.delivery.findMany({ where: { tenantId, parked: true } });
    expect(parked.every(({ status, dueAt }) => status === 'pending' && dueAt !== null)).toBe(true);
    const countOf = (rows: readonly { endpointId: string }[], id: string) =>
      rows.filter((row) => row.endpointId === id).length;
    return endpointIds.map((id) => `${countOf(due, id)} + ${countOf(parked, id)}`);
  }
  const endpoint = (index: number) => arranged.endpoint(tenantId, `https://room-${index}.example`);

  test('is parked: of a tenant what is beyond its room, and exactly that', async () => {
    const ids = [await endpoint(1)];
    expect(await fanOut(ids, { jobs: 2, jobsPerEndpoint: 9, busy: others })).toEqual(['2 + 1']);
  });

  test('is parked: of each endpoint what is beyond its own', async () => {
    const ids = [await endpoint(1), await endpoint(2)];
    const room = { jobs: 9, jobsPerEndpoint: 2, busy: new Map([[ids[1] ?? '', 0]]) };
    expect(await fanOut(ids, room)).toEqual(['2 + 1', '0 + 3']);
  });

  test('is parked of that tenant alone, though another shares the statement', async () => {
    await endpoint(1);
    const other = await arranged.tenant();
    await arranged.endpoint(other, 'https://other.example');
    const full = plain({ room: { jobs: 0, jobsPerEndpoint: 0, busy: others } });
    const accepted = await accept(full, plain({ events: [event({ tenantId: other })] }));
    expect(accepted.map((each) => (each.kind === 'accepted' ? each.due.length : null))).toEqual([0, 1]);
  });

  test('is not a probe, since somebody waits for its answer, nor what is skipped anyway', async () => {
    const ids = [await endpoint(1)];
    const full = { jobs: 0, jobsPerEndpoint: 0, busy: others };
    expect(await fanOut(ids, full, { probe: 'check', onlyEndpointId: ids[0] ?? null })).toEqual(['3 + 0']);
    await arranged.database.endpoint.updateMany({ where: { tenantId }, data: { status: 'disabled' } });
    expect(await fanOut(ids, full)).toEqual(['0 + 0']);
  });
});

describe('Round trips', () => {
  async function statementsFor(...requests: EventRequest[]): Promise<number> {
    const pool = driversOf(arranged.database)?.shared.pool;
    let asked = 0;
    const count = (): void => {
      asked += 1;
    };
    pool?.on('acquire', count);
    await accept(...requests);
    pool?.off('acquire', count);
    return asked;
  }

  test('A plain event takes one statement, and so does a batch of them', async () => {
    await arranged.endpoint(tenantId, 'https://all.example');
    const callId = v7();
    expect(await statementsFor(plain())).toBe(1);
    expect(await statementsFor(...Array.from({ length: 100 }, () => plain({ callId })))).toBe(1);
  });
});
