import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Arranged, arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { eventually } from '@posthorn/testkit/eventually';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { beatDispatcher } from '../src/engine/beat-dispatcher.ts';
import { cancelBacklog } from '../src/engine/cancel-backlog.ts';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import { claimParked } from '../src/engine/claim-parked.ts';
import type { ClaimedDelivery } from '../src/engine/claimed-delivery.ts';
import { DEAD_AFTER_SECONDS, endLeasesOfDead } from '../src/engine/end-leases-of-dead.ts';
import type { DueDelivery } from '../src/engine/event-request.ts';
import { listDueDeliveries } from '../src/engine/list-due-deliveries.ts';
import {
  listParkedEndpoints,
  PARKED_START,
  type ParkedEndpoint,
  type ParkedLimits,
} from '../src/engine/list-parked-endpoints.ts';
import { parkDeliveries } from '../src/engine/park-deliveries.ts';
import { putOff } from '../src/engine/put-off.ts';
import { type AttemptRecord, recordAttempts } from '../src/engine/record-attempts.ts';
import { releaseClaims } from '../src/engine/release-claims.ts';
import { renewGeneration } from '../src/engine/renew-generation.ts';
import { takeOverInterrupted } from '../src/engine/take-over-interrupted.ts';
import { createProfileFinder } from '../src/find-profile.ts';
import type { Database } from '../src/open-database.ts';

const LEASE_MS = 60_000;
const EVERYTHING: ParkedLimits = { tenants: 1_000, endpoints: 1_000_000 };
/** A lease of this length for an event of connect-domain. */
const lease = (leaseMs = LEASE_MS, dispatcherId: string | null = null) => ({
  token: v7(),
  dispatcherId,
  marginMs: leaseMs - connectDomain.timeoutMs,
});

let arranged: Arranged;
let ownerId: string;
let endpointId: string;
let due: DueDelivery;

beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());
beforeEach(async () => {
  await arranged.database.claim.deleteMany();
  ownerId = await arranged.tenant();
  endpointId = await arranged.endpoint(ownerId, 'https://one.example');
  [due] = (await arranged.events(ownerId, 1)) as [DueDelivery];
});

const request = (generation = due.generation) => ({ deliveryId: due.id, generation });
const claim = (leaseMs = LEASE_MS, generation?: number) =>
  claimDeliveries(arranged.database, [request(generation)], lease(leaseMs));
const row = () =>
  arranged.database.delivery.findUniqueOrThrow({ where: { id: due.id }, include: { attemptLog: true } });

async function claimed(leaseMs?: number) {
  const [result] = await claim(leaseMs);
  if (result?.kind !== 'claimed') throw new Error(`Not claimed: ${result?.kind}`);
  return result.delivery;
}

function record(delivery: Awaited<ReturnType<typeof claimed>>, next: AttemptRecord['next']): AttemptRecord {
  return {
    deliveryId: delivery.id,
    tenantId: delivery.tenantId,
    token: delivery.token,
    attemptId: v7(),
    number: delivery.number,
    startedAt: new Date(),
    durationMs: 5,
    outcome: next.status === 'succeeded' ? 'succeeded' : 'rejected',
    responseStatus: next.status === 'succeeded' ? 200 : 500,
    responseHeaders: '{}',
    responseBody: '',
    error: null,
    requestHeaders: '{}',
    next,
  };
}

test('A delivery whose event was removed by hand is cancelled, and what is claimed with it is sent', async () => {
  const { database } = arranged;
  const [other] = (await arranged.events(ownerId, 1)) as [DueDelivery];
  const { eventId } = await database.delivery.findUniqueOrThrow({ where: { id: due.id } });
  await database.$executeRaw`DELETE FROM events WHERE id = ${eventId}::uuid`;
  const results = await claimDeliveries(
    database,
    [due, other].map(({ id, generation }) => ({ deliveryId: id, generation })),
    lease(),
  );
  expect(results.map(({ kind }) => kind)).toEqual(['stale', 'claimed']);
  expect(await row()).toMatchObject({
    status: 'cancelled',
    lastError: 'The event is not stored any more',
    leaseToken: null,
    attempts: 0,
  });
});

describe('Before a send', () => {
  test('Of many claims at once exactly one gets the row', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => claim()));
    expect(results.filter(([result]) => result?.kind === 'claimed')).toHaveLength(1);
  });

  test('One request that stands twice in a batch is claimed once', async () => {
    const results = await claimDeliveries(arranged.database, [request(), request()], lease());
    expect(results.map(({ kind }) => kind)).toEqual(['claimed', 'stale']);
  });

  test('A job of an earlier generation does nothing', async () => {
    await renewGeneration(arranged.database, [due]);
    expect(await claim(LEASE_MS, 0)).toEqual([{ kind: 'stale' }]);
    expect((await claim(LEASE_MS, 1))[0]?.kind).toBe('claimed');
  });

  test('A row that is not due yet says how long to wait, by the clock of the database', async () => {
    await recordAttempts(arranged.database, [record(await claimed(), { status: 'retrying', delayMs: 30_000 })]);
    const [result] = await claim();
    expect(result).toMatchObject({ kind: 'early' });
    expect(result?.kind === 'early' ? result.waitMs : 0).toBeGreaterThan(25_000);
  });

  test('A row whose endpoint was disabled after it was made is cancelled, with the reason', async () => {
    await arranged.database.endpoint.update({
      where: { id: endpointId },
      data: { status: 'disabled', disabledReason: 'Tired' },
    });
    expect(await claim()).toEqual([{ kind: 'stale' }]);
    expect(await row()).toMatchObject({
      status: 'cancelled',
      lastError: 'The endpoint was disabled: Tired',
      dueAt: null,
    });
  });
});

describe('After a send', () => {
  test('Attempt and state are written together', async () => {
    const results = await recordAttempts(arranged.database, [
      record(await claimed(), { status: 'retrying', delayMs: 60_000 }),
    ]);
    expect(results).toEqual([{ kind: 'recorded', status: 'retrying' }]);
    expect(await row()).toMatchObject({
      status: 'retrying',
      attempts: 1,
      leaseToken: null,
      attemptLog: [{ number: 1, outcome: 'rejected' }],
    });
  });

  test('Whatever text an attempt holds reads back as it was; half a character is shown as missing', async () => {
    const delivery = await claimed();
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), 12).map((text) => text.replaceAll('\0', ''));
    const text = ['{}[]",\\NULL \\u0041 \\ud800 \n\t', ...texts, 'cut: \ud83d'].join('|');
    const headers = JSON.stringify({ 'x-odd': text });
    await recordAttempts(arranged.database, [
      {
        ...record(delivery, { status: 'retrying', delayMs: 1_500.5 }),
        error: text,
        responseBody: text,
        responseHeaders: headers,
        requestHeaders: headers,
      },
    ]);
    const [attempt] = (await row()).attemptLog;
    const shown = text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
    expect(attempt).toMatchObject({
      error: shown,
      responseBody: shown,
      responseHeaders: headers,
      requestHeaders: headers,
    });
  });

  test('A worker that lost its lease writes nothing', async () => {
    const lost = await claimed(-1_000);
    expect((await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database))).interrupted).toBe(1);
    expect(await recordAttempts(arranged.database, [record(lost, { status: 'succeeded' })])).toEqual([
      { kind: 'lost' },
    ]);
    expect(await row()).toMatchObject({ status: 'retrying', attempts: 1, attemptLog: [{ outcome: 'interrupted' }] });
  });

  test('A delivery that was cancelled meanwhile stays cancelled, and its attempt is on record', async () => {
    const delivery = await claimed();
    const data = { status: 'disabled', disabledReason: 'Enough' };
    await arranged.database.endpoint.update({ where: { id: endpointId }, data });
    await cancelBacklog(arranged.database, endpointId);
    expect(await recordAttempts(arranged.database, [record(delivery, { status: 'succeeded' })])).toEqual([
      { kind: 'recorded', status: 'cancelled' },
    ]);
    expect(await row()).toMatchObject({
      status: 'cancelled',
      attempts: 1,
      lastError: 'The endpoint was disabled: Enough',
      attemptLog: [{ number: 1 }],
    });
  });
});

describe('After a death', () => {
  test('A lease that still lasts is left alone, however often one looks', async () => {
    await claimed();
    for (let look = 0; look < 3; look += 1) {
      expect(await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database))).toEqual({
        interrupted: 0,
        due: [],
        disabled: [],
        more: false,
      });
    }
  });

  test('Nothing is taken over by a clock that has jumped since the caller was seen, before anybody could notice', async () => {
    await claimed(-1_000);
    const lookAfterJump = (jumpMs: number) =>
      takeOverInterrupted(arranged.database, createProfileFinder(arranged.database), Date.now() - jumpMs);
    expect(await lookAfterJump(60_000)).toMatchObject({ interrupted: 0, due: [] });
    expect(await lookAfterJump(0)).toMatchObject({ interrupted: 1, due: [{ id: due.id }] });
  });

  test('Leases of different lengths in one claim are taken over each in its time', async () => {
    const tenantId = await arranged.tenant();
    await arranged.endpoint(tenantId, 'https://slow.example');
    const [slow] = (await arranged.events(tenantId, 1, { profile: 'cmr' })) as [DueDelivery];
    await claimDeliveries(arranged.database, [request(), { deliveryId: slow.id, generation: 0 }], lease(-1_000));
    expect(
      (await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database))).due.map(({ id }) => id),
    ).toEqual([due.id]);
    expect(await arranged.database.claim.count()).toBe(1);
    await arranged.database
      .$executeRaw`UPDATE deliveries SET lease_until = now() - interval '1 second' WHERE id = ${slow.id}::uuid`;
    await arranged.database.$executeRaw`UPDATE claims SET expires_at = now() - interval '1 second'`;
    expect(
      (await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database))).due.map(({ id }) => id),
    ).toEqual([slow.id]);
    expect(await arranged.database.claim.count()).toBe(0);
  });

  test('Of many lengths in one claim, each is found when it runs out and not with the longest', async () => {
    const tenantId = await arranged.tenant();
    await arranged.endpoint(tenantId, 'https://mixed.example');
    const events = [
      ...(await arranged.events(tenantId, 1, { profile: 'tenant-quickstart' })),
      ...(await arranged.events(tenantId, 1, { profile: 'cmr' })),
    ];
    const requests = events.map(({ id }) => ({ deliveryId: id, generation: 0 }));
    await claimDeliveries(arranged.database, [request(), ...requests], lease(-1_000));
    const look = () => takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    expect((await look()).interrupted).toBe(1);
    const [claimRow] = await arranged.database.claim.findMany();
    const middle = await arranged.database.delivery.findUniqueOrThrow({ where: { id: events[0]?.id ?? '' } });
    expect(claimRow?.expiresAt).toEqual(middle.leaseUntil);
  });

  test('Claims of which nothing is held any more are cleared, as many as there are in bounded calls', async () => {
    await arranged.database.$executeRaw`
      INSERT INTO claims SELECT gen_random_uuid(), ARRAY[gen_random_uuid()], now() - interval '1 second'
      FROM generate_series(1, 1200)`;
    await claimed(-1_000);
    const looks = [];
    do looks.push(await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database)));
    while (looks.at(-1)?.more);
    expect(looks.map(({ more }) => more)).toEqual([true, true, false]);
    expect(looks.reduce((sum, { interrupted }) => sum + interrupted, 0)).toBe(1);
    expect(await arranged.database.claim.count()).toBe(0);
  });

  /** Two dispatchers; the first was last seen so long ago. */
  async function twoDispatchers(unseenForSeconds: number) {
    const [first, second] = [v7(), v7()];
    await arranged.database.dispatcher.deleteMany();
    await beatDispatcher(arranged.database, first);
    const { nowMs } = await beatDispatcher(arranged.database, second);
    const seenAt = new Date(nowMs - unseenForSeconds * 1_000);
    await arranged.database.dispatcher.update({ where: { id: first }, data: { seenAt } });
    return { first, second, looking: { dispatcherId: second, seenAtMs: nowMs } };
  }
  const look = () => takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
  const dispatchers = async () => (await arranged.database.dispatcher.findMany()).map(({ id }) => id).sort();

  test('A long lease ends when its dispatcher has not been seen for 25 s, and only its own', async () => {
    const { first, second, looking } = await twoDispatchers(DEAD_AFTER_SECONDS + 1);
    const [other] = (await arranged.events((await row()).tenantId, 1)) as [DueDelivery];
    await claimDeliveries(arranged.database, [request()], lease(LEASE_MS, first));
    await claimDeliveries(arranged.database, [{ deliveryId: other.id, generation: 0 }], lease(LEASE_MS, second));
    expect(await endLeasesOfDead(arranged.database, looking)).toEqual({ ended: 1, more: false });
    await eventually(async () => expect(await look()).toMatchObject({ interrupted: 1, due: [{ id: due.id }] }));
    expect(await arranged.database.delivery.findUnique({ where: { id: other.id } })).toMatchObject({ attempts: 0 });
    expect(await endLeasesOfDead(arranged.database, looking)).toEqual({ ended: 0, more: false });
    expect(await dispatchers()).toEqual([second]);
  });

  test('No lease ends early of a dispatcher that was seen less than 25 s ago, nor of the one that looks', async () => {
    const { first, looking } = await twoDispatchers(DEAD_AFTER_SECONDS - 5);
    await claimDeliveries(arranged.database, [request()], lease(LEASE_MS, first));
    expect(await endLeasesOfDead(arranged.database, looking)).toEqual({ ended: 0, more: false });
    const itself = await twoDispatchers(DEAD_AFTER_SECONDS + 1);
    await arranged.database.claim.updateMany({ data: { dispatcherId: itself.first } });
    const { seenAtMs } = itself.looking;
    expect(await endLeasesOfDead(arranged.database, { dispatcherId: itself.first, seenAtMs })).toMatchObject({
      ended: 0,
    });
    expect(await dispatchers()).toHaveLength(2);
  });

  test('None ends by a look that was held up, as in a database that was frozen: then nobody was seen for long', async () => {
    const { first, looking } = await twoDispatchers(DEAD_AFTER_SECONDS + 1);
    await claimDeliveries(arranged.database, [request()], lease(LEASE_MS, first));
    const late = { ...looking, seenAtMs: looking.seenAtMs - 6_000 };
    expect(await endLeasesOfDead(arranged.database, late)).toEqual({ ended: 0, more: false });
    expect(await dispatchers()).toHaveLength(2);
  });

  test('Of a dead one’s claim with leases of two lengths the longer ends early too, after the shorter was taken over', async () => {
    const { first, second, looking } = await twoDispatchers(DEAD_AFTER_SECONDS + 1);
    const [longer] = await arranged.events((await row()).tenantId, 1, { profile: 'cmr' });
    const requests = [request(), { deliveryId: longer?.id ?? '', generation: 0 }];
    // The shorter has run out, so that the claim is due, and nothing of it needs to be ended.
    await claimDeliveries(arranged.database, requests, lease(-1_000, first));
    expect(await endLeasesOfDead(arranged.database, looking)).toEqual({ ended: 0, more: false });
    expect((await look()).interrupted).toBe(1);
    expect(await endLeasesOfDead(arranged.database, looking)).toEqual({ ended: 1, more: false });
    await eventually(async () => expect((await look()).due).toMatchObject([{ id: longer?.id }]));
    await endLeasesOfDead(arranged.database, looking);
    expect(await dispatchers()).toEqual([second]);
  });

  test('What a dispatcher that passed for dead still records counts, if nobody was faster', async () => {
    const { first, looking } = await twoDispatchers(DEAD_AFTER_SECONDS + 1);
    const [result] = await claimDeliveries(arranged.database, [request()], lease(LEASE_MS, first));
    if (result?.kind !== 'claimed') throw new Error('Not claimed');
    expect(await endLeasesOfDead(arranged.database, looking)).toEqual({ ended: 1, more: false });
    const recorded = await recordAttempts(arranged.database, [record(result.delivery, { status: 'succeeded' })]);
    expect(recorded).toEqual([{ kind: 'recorded', status: 'succeeded' }]);
    const { interrupted } = await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    expect(interrupted).toBe(0);
  });

  test('A delivery that keeps killing its dispatcher ends as failed after its limit, not in a loop', async () => {
    let generation = 0;
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const [result] = await claim(-1_000, generation);
      expect(result?.kind).toBe('claimed');
      const { due: again } = await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
      generation = again[0]?.generation ?? -1;
    }
    expect(generation).toBe(-1);
    const delivery = await row();
    expect(delivery).toMatchObject({ status: 'failed', attempts: 6, dueAt: null });
    expect(delivery.attemptLog.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'interrupted'));
  });

  test('Many dispatchers that look at once take each lease over once', async () => {
    await claimed(-1_000);
    const looks = await Promise.all(
      Array.from({ length: 8 }, () => takeOverInterrupted(arranged.database, createProfileFinder(arranged.database))),
    );
    expect(looks.reduce((sum, { interrupted }) => sum + interrupted, 0)).toBe(1);
    expect((await row()).attemptLog).toHaveLength(1);
  });
});

describe('A claim whose answer was lost', () => {
  test('is given back without an attempt, and can be claimed at once', async () => {
    const delivery = await claimed();
    expect(await releaseClaims(arranged.database, [delivery.token, v7()])).toBe(1);
    expect(await row()).toMatchObject({ attempts: 0, leaseToken: null, status: 'pending' });
    expect((await claimed()).number).toBe(1);
  });

  test('that arrives after it was given back is refused, and its mark goes by itself', async () => {
    const late = lease();
    expect(await releaseClaims(arranged.database, [late.token])).toBe(0);
    await expect(claimDeliveries(arranged.database, [request()], late)).rejects.toThrow('claims_pkey');
    expect(await row()).toMatchObject({ leaseToken: null, status: 'pending' });
    await arranged.database.$executeRaw`UPDATE claims SET expires_at = now() - interval '1 second'`;
    await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    expect(await arranged.database.claim.count()).toBe(0);
  });

  test('that is just being committed is waited for, and then given back', async () => {
    const slow = lease();
    const claiming = arranged.database.$transaction(async (tx) => {
      await claimDeliveries(tx as Database, [request()], slow);
      // The commit comes after the release has begun to wait for it.
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    await eventually(async () =>
      expect(
        await arranged.database.$queryRaw`
      SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%WITH claimed AS%'`,
      ).toHaveLength(1),
    );
    expect(await releaseClaims(arranged.database, [slow.token])).toBe(1);
    await claiming;
    expect(await row()).toMatchObject({ leaseToken: null, status: 'pending' });
  });

  test('takes nothing from who claimed after it', async () => {
    const lost = await claimed(-1_000);
    const { due: again } = await takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
    const [result] = await claim(LEASE_MS, again[0]?.generation ?? -1);
    expect(await releaseClaims(arranged.database, [lost.token])).toBe(0);
    expect(await row()).toMatchObject({ leaseToken: result?.kind === 'claimed' ? result.delivery.token : 'none' });
  });
});

describe('What was claimed and not sent', () => {
  test('is put off: no attempt, due after the wait, and the job of before does nothing', async () => {
    const delivery = await claimed();
    await putOff(arranged.database, [{ ...delivery, delayMs: 30_000 }]);
    expect(await row()).toMatchObject({ attempts: 0, leaseToken: null, status: 'pending', generation: 1 });
    expect(await claim(LEASE_MS, 0)).toEqual([{ kind: 'stale' }]);
    const [result] = await claim(LEASE_MS, 1);
    expect(result?.kind === 'early' ? result.waitMs : 0).toBeGreaterThan(25_000);
  });

  test('without a wait is parked, and who lost its lease puts off nothing', async () => {
    const delivery = await claimed();
    await putOff(arranged.database, [{ ...delivery, delayMs: 0 }]);
    expect(await row()).toMatchObject({ attempts: 0, parked: true });
    expect(await claimParked(arranged.database, [{ tenantId: ownerId, endpointId, limit: 1 }], lease())).toHaveLength(
      1,
    );
    await putOff(arranged.database, [{ ...delivery, delayMs: 0 }]);
    expect(await row()).toMatchObject({ generation: 2 });
  });
});

describe('Parked rows', () => {
  /** The endpoints that so many looks show, one after the other. */
  async function look(looks: number, limits: ParkedLimits): Promise<ParkedEndpoint[][]> {
    const shown: ParkedEndpoint[][] = [];
    for (let cursor = PARKED_START; shown.length < looks; ) {
      const { endpoints, next } = await listParkedEndpoints(arranged.database, cursor, limits);
      shown.push([...endpoints]);
      cursor = next;
    }
    return shown;
  }

  /** A new tenant of whose endpoints each has a parked row. @returns their ids in order */
  async function parkOneEach(endpoints: number): Promise<{ tenantId: string; endpointIds: string[] }> {
    const owner = await arranged.tenant();
    const endpointIds: string[] = [];
    for (let index = 0; index < endpoints; index += 1) {
      endpointIds.push(await arranged.endpoint(owner, `https://parked-${index}.example`));
    }
    const parked = await arranged.events(owner, 3);
    await parkDeliveries(
      arranged.database,
      parked.map(({ id, generation }) => ({ deliveryId: id, generation })),
    );
    return { tenantId: owner, endpointIds };
  }

  test('of more endpoints than one look takes are all found, look by look, and again from the beginning', async () => {
    await arranged.database.delivery.updateMany({ data: { parked: false } });
    const { tenantId: owner, endpointIds } = await parkOneEach(5);
    const shown = await look(5, { tenants: 10, endpoints: 2 });
    expect(shown.flat().every((each) => each.tenantId === owner)).toBe(true);
    const [a, b, c, d, e] = endpointIds;
    expect(shown.map((page) => page.map((each) => each.endpointId))).toEqual([[a, b], [c, d], [e], [a, b], [c, d]]);
  });

  test('of one tenant with few endpoints are found at once, however many another has', async () => {
    await arranged.database.delivery.updateMany({ data: { parked: false } });
    const [many, few] = [await parkOneEach(12), await parkOneEach(1)];
    const [first = [], second = []] = await look(2, { tenants: 10, endpoints: 4 });
    const shownOf = (page: ParkedEndpoint[], owner: string) =>
      page.filter((each) => each.tenantId === owner).map((each) => each.endpointId);
    expect([shownOf(first, many.tenantId), shownOf(first, few.tenantId)]).toEqual([
      many.endpointIds.slice(0, 2),
      few.endpointIds,
    ]);
    expect(shownOf(second, many.tenantId)).toEqual(many.endpointIds.slice(2, 4));
  });

  test('of more tenants than one look takes are found in turns', async () => {
    await arranged.database.delivery.updateMany({ data: { parked: false } });
    const owners: string[] = [];
    for (let count = 0; count < 5; count += 1) owners.push((await parkOneEach(1)).tenantId);
    const shown = await look(4, { tenants: 2, endpoints: 100 });
    const [a, b, c, d, e] = owners;
    expect(shown.map((page) => page.map((each) => each.tenantId))).toEqual([[a, b], [c, d], [e], [a, b]]);
  });

  test('of many endpoints are claimed in one statement, of each as many as are wanted, the longest waiting first', async () => {
    const { tenantId: owner, endpointIds } = await parkOneEach(3);
    const [a = '', b = '', c = ''] = endpointIds;
    const own = await arranged.database.delivery.findMany({ where: { endpointId: a }, orderBy: { id: 'desc' } });
    const longest = own.slice(0, 2).map(({ id }) => id);
    const data = { dueAt: new Date(Date.now() - 60_000) };
    await arranged.database.delivery.updateMany({ where: { id: { in: longest } }, data });
    const wanted = [
      { tenantId: owner, endpointId: a, limit: 2 },
      { tenantId: owner, endpointId: b, limit: 1 },
      { tenantId: owner, endpointId: c, limit: 9 },
    ];
    const rows = await claimParked(arranged.database, wanted, lease());
    const idsOf = (id: string) => rows.filter((each) => each.endpointId === id).map((each) => each.id);
    expect(idsOf(a).sort()).toEqual(longest.sort());
    expect([idsOf(b).length, idsOf(c).length]).toEqual([1, 3]);
    expect((await claimParked(arranged.database, wanted, lease())).map((each) => each.endpointId).sort()).toEqual(
      [a, b].sort(),
    );
  });

  test('of an endpoint that is gone are cancelled in bounded steps', async () => {
    const tenantId = await arranged.tenant();
    const gone = await arranged.endpoint(tenantId, 'https://gone.example');
    await arranged.events(tenantId, 1);
    await arranged.database.$executeRaw`
      INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, due_at, parked, created_at)
      SELECT gen_random_uuid(), d.tenant_id, d.endpoint_id, d.event_id, d.type, 'pending', 6, now(), true, now()
      FROM deliveries d, generate_series(1, 6000) WHERE d.endpoint_id = ${gone}::uuid`;
    await arranged.database.endpoint.update({ where: { id: gone }, data: { deletedAt: new Date() } });
    const left = () => arranged.database.delivery.count({ where: { endpointId: gone, parked: true } });
    await claimParked(arranged.database, [{ tenantId, endpointId: gone, limit: 10 }], lease());
    expect(await left()).toBe(1_000);
    await claimParked(arranged.database, [{ tenantId, endpointId: gone, limit: 10 }], lease());
    expect(await left()).toBe(0);
  });

  test('are no business of the due scan, are found by endpoint, and are claimed oldest first with a new generation', async () => {
    await parkDeliveries(arranged.database, [request()]);
    expect((await listDueDeliveries(arranged.database, -1_000, null, 1_000)).rows.map(({ id }) => id)).not.toContain(
      due.id,
    );
    const [parked = []] = await look(1, EVERYTHING);
    expect(parked.map((each) => each.endpointId)).toContain(endpointId);
    expect(await claim()).toEqual([{ kind: 'stale' }]);
    const rows = await claimParked(arranged.database, [{ tenantId: ownerId, endpointId, limit: 10 }], lease());
    expect(rows).toMatchObject([{ id: due.id, generation: 1, number: 1 }]);
    expect((await look(1, EVERYTHING)).flat().map((each) => each.endpointId)).not.toContain(endpointId);
  });

  test.each<[end: string, parked: boolean, end: (delivery: ClaimedDelivery) => Promise<unknown>]>([
    [
      'its attempt is recorded',
      false,
      (delivery) => recordAttempts(arranged.database, [record(delivery, { status: 'retrying', delayMs: 1_000 })]),
    ],
    ['it is put off', false, (delivery) => putOff(arranged.database, [{ ...delivery, delayMs: 30_000 }])],
    ['it is put off without a wait', true, (delivery) => putOff(arranged.database, [{ ...delivery, delayMs: 0 }])],
    [
      'its dispatcher died',
      false,
      async () => {
        const over = new Date(Date.now() - 1_000);
        await arranged.database.delivery.update({ where: { id: due.id }, data: { leaseUntil: over } });
        await arranged.database.claim.updateMany({ data: { expiresAt: over } });
        return takeOverInterrupted(arranged.database, createProfileFinder(arranged.database));
      },
    ],
    ['the claim is given back', true, ({ token }) => releaseClaims(arranged.database, [token])],
  ])('that are claimed are shown to nobody, and when %s, being parked is %s', async (_, parked, end) => {
    await parkDeliveries(arranged.database, [request()]);
    const [delivery] = await claimParked(arranged.database, [{ tenantId: ownerId, endpointId, limit: 1 }], lease());
    if (!delivery) throw new Error('Not claimed');
    const shown = async () => (await look(1, EVERYTHING)).flat().map((each) => each.endpointId);
    expect(await row()).toMatchObject({ parked: true, leaseToken: delivery.token });
    expect(await shown()).not.toContain(endpointId);
    await end(delivery);
    expect(await row()).toMatchObject({ parked, leaseToken: null });
    expect((await shown()).includes(endpointId)).toBe(parked);
  });

  test('are cancelled when their endpoint is gone', async () => {
    await parkDeliveries(arranged.database, [request()]);
    await arranged.database.endpoint.update({ where: { id: endpointId }, data: { deletedAt: new Date() } });
    expect(await claimParked(arranged.database, [{ tenantId: ownerId, endpointId, limit: 10 }], lease())).toEqual([]);
    expect(await row()).toMatchObject({ status: 'cancelled', parked: false, lastError: 'The endpoint was deleted' });
  });
});

/** Three copies of a delivery `d`, the `n`th with this tenant and endpoint. */
const copyOf = (tenantAndEndpoint: string): string => `
  INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, type, status, attempt_limit, timeout_ms, due_at, created_at)
  SELECT uuid_v7_at(now()), ${tenantAndEndpoint}, event_id, type, status, attempt_limit, timeout_ms, due_at, created_at
  FROM deliveries d, generate_series(1, 3) AS n WHERE d.id = 'ID'`;

describe('What must never be, the database refuses', () => {
  test.each([
    ['a final delivery with a next retry', `UPDATE deliveries SET status = 'failed' WHERE id = 'ID'`],
    ['an open delivery without one', `UPDATE deliveries SET due_at = NULL WHERE id = 'ID'`],
    ['more attempts than the limit', `UPDATE deliveries SET status = 'retrying', attempts = 7 WHERE id = 'ID'`],
    ['a pending delivery that was tried', `UPDATE deliveries SET attempts = 1 WHERE id = 'ID'`],
    ['an unknown status', `UPDATE deliveries SET status = 'lost' WHERE id = 'ID'`],
    ['half a lease', `UPDATE deliveries SET lease_token = gen_random_uuid() WHERE id = 'ID'`],
    [
      'an attempt number twice',
      `INSERT INTO attempts (delivery_id, number, id, tenant_id, endpoint_id, started_at, duration_ms, outcome)
       SELECT id, 1, gen_random_uuid(), tenant_id, endpoint_id, now(), 0, 'rejected' FROM deliveries, generate_series(1, 2) WHERE id = 'ID'`,
    ],
    [
      'a delivery of one tenant to an endpoint of another',
      `UPDATE deliveries SET tenant_id = (SELECT id FROM tenants WHERE id <> deliveries.tenant_id LIMIT 1) WHERE id = 'ID'`,
    ],
    [
      'a new one to an endpoint of another',
      copyOf('(SELECT id FROM tenants WHERE id <> d.tenant_id LIMIT 1), endpoint_id'),
    ],
    [
      'one to an endpoint that is not there, among others',
      copyOf('tenant_id, CASE n WHEN 2 THEN gen_random_uuid() ELSE endpoint_id END'),
    ],
    ['another endpoint of a delivery', `UPDATE deliveries SET endpoint_id = endpoint_id WHERE id = 'ID'`],
  ])('%s', async (_, text) => {
    const statement = arranged.database.$executeRawUnsafe(text.replaceAll('ID', due.id));
    await expect(statement).rejects.toThrow(
      /violates (check|unique|foreign key) constraint|Unique constraint failed|Foreign key|A delivery (goes to|keeps)/,
    );
  });
});
