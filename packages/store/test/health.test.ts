import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeTypeId } from '@posthorn/domain/type-id';
import { type Arranged, arrange, operatorAct } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { claimDeliveries } from '../src/engine/claim-deliveries.ts';
import { type FailurePolicy, foldHealth, MAX_CHANGES } from '../src/engine/fold-health.ts';
import { type AttemptRecord, recordAttempts } from '../src/engine/record-attempts.ts';
import { scopeToTenant } from '../src/tenant/scope-to-tenant.ts';
import { updateEndpoint } from '../src/tenant/update-endpoint.ts';

const OFF: FailurePolicy = { warnAfterSeconds: 0, disableAfterSeconds: 0 };

let arranged: Arranged;
let tenantId: string;
let endpointId: string;

beforeAll(async () => {
  arranged = arrange(await createTestDatabase());
});
afterAll(() => arranged.close());
beforeEach(async () => {
  tenantId = await arranged.tenant();
  endpointId = await arranged.endpoint(tenantId, 'https://one.example');
});

type Outcome = AttemptRecord['outcome'];

interface Ending {
  /** The URL that the attempts speak for as probes do. */
  readonly enables?: string;
  /** What happens while they are under way. */
  readonly meanwhile?: () => Promise<unknown>;
}

/** Lets attempts end so, recorded together in this order. */
async function end(outcomes: readonly Outcome[], { enables, meanwhile }: Ending = {}): Promise<void> {
  const due = await arranged.events(tenantId, outcomes.length);
  const requests = due.map(({ id, generation }) => ({ deliveryId: id, generation }));
  const claims = await claimDeliveries(arranged.database, requests, {
    token: v7(),
    dispatcherId: null,
    marginMs: 60_000,
  });
  const records = claims.map((claim, index): AttemptRecord => {
    if (claim.kind !== 'claimed') throw new Error(`Not claimed: ${claim.kind}`);
    const outcome = outcomes[index] as Outcome;
    const next =
      outcome === 'succeeded' ? ({ status: 'succeeded' } as const) : ({ status: 'failed', disable: null } as const);
    return {
      deliveryId: claim.delivery.id,
      tenantId,
      token: claim.delivery.token,
      attemptId: v7(),
      number: 1,
      startedAt: new Date(Date.now() + index),
      durationMs: 1,
      outcome,
      responseStatus: null,
      responseHeaders: null,
      responseBody: null,
      error: null,
      requestHeaders: '{}',
      next,
      enables: enables ?? null,
    };
  });
  await meanwhile?.();
  await recordAttempts(arranged.database, records);
}

const fold = (policy: Partial<FailurePolicy> = {}) => foldHealth(arranged.database, { ...OFF, ...policy });
const health = () => arranged.database.endpointHealth.findUnique({ where: { endpointId } });
const endpoint = () => arranged.database.endpoint.findUniqueOrThrow({ where: { id: endpointId } });
const kinds = async () =>
  (await arranged.database.notification.findMany({ where: { endpointId }, orderBy: { id: 'asc' } })).map(
    ({ kind }) => kind,
  );

/** Makes the failures so far look older. */
const age = (seconds: number) => arranged.database.$executeRaw`
  UPDATE endpoint_health SET first_failure_at = first_failure_at - ${seconds} * interval '1 second'
  WHERE endpoint_id = ${endpointId}::uuid`;

describe('The health of an endpoint', () => {
  test('counts what failed since the last success, whatever was recorded together and folded together', async () => {
    const batches = fc.array(
      fc.record({
        outcomes: fc.array(fc.constantFrom<Outcome>('succeeded', 'rejected', 'timeout', 'blocked', 'interrupted'), {
          minLength: 1,
          maxLength: 4,
        }),
        folds: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        endpointId = await arranged.endpoint(tenantId, 'https://another.example');
        await arranged.database.endpoint.updateMany({
          where: { tenantId, NOT: { id: endpointId } },
          data: { deletedAt: new Date() },
        });
        let failures = 0;
        const seen: Outcome[] = [];
        for (const { outcomes, folds } of given) {
          await end(outcomes);
          if (folds) await fold();
          for (const outcome of outcomes) {
            if (outcome === 'succeeded') failures = 0;
            else if (outcome !== 'interrupted') failures += 1;
          }
          seen.push(...outcomes);
        }
        await fold();
        const row = await health();
        const isFailure = (outcome: Outcome) => outcome !== 'succeeded' && outcome !== 'interrupted';
        expect(row?.consecutiveFailures ?? 0).toBe(failures);
        expect((row?.firstFailureAt ?? null) === null).toBe(failures === 0);
        expect((row?.lastSuccessAt ?? null) === null).toBe(!seen.includes('succeeded'));
        expect((row?.lastFailureAt ?? null) === null).toBe(!seen.some(isFailure));
      }),
      { numRuns: 25 },
    );
  });

  test('costs one that is well no write, and misses no end of a failure', async () => {
    await end(['succeeded']);
    await fold();
    await end(['succeeded', 'succeeded']);
    expect(await arranged.database.healthChange.count({ where: { endpointId } })).toBe(0);
    await end(['rejected']);
    await end(['succeeded']);
    await fold();
    expect(await health()).toMatchObject({ consecutiveFailures: 0, firstFailureAt: null });
  });

  test('is the same when many dispatchers record and fold at once', async () => {
    await end(['succeeded', 'rejected']);
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        await end(['rejected', 'timeout']);
        await fold();
      }),
    );
    while ((await fold()).folded > 0);
    expect(await health()).toMatchObject({ consecutiveFailures: 25 });
    await end(['succeeded']);
    await fold();
    expect(await health()).toMatchObject({ consecutiveFailures: 0, firstFailureAt: null });
  });
});

describe('An endpoint that keeps failing', () => {
  test('is left alone, unless somebody wants otherwise', async () => {
    await end(['rejected', 'rejected']);
    await fold();
    await age(1_000_000);
    await end(['rejected']);
    expect(await fold()).toEqual({ folded: 1, disabled: [], more: false });
    expect([await kinds(), (await endpoint()).status]).toEqual([[], 'enabled']);
  });

  test('gets one warning for each spell of failures, and none before its time', async () => {
    const policy = { warnAfterSeconds: 60 };
    await end(['rejected', 'rejected']);
    await fold(policy);
    expect(await kinds()).toEqual([]);
    for (const expected of [1, 2]) {
      await age(61);
      for (let more = 0; more < 3; more += 1) {
        await end(['rejected']);
        await fold(policy);
      }
      expect(await kinds()).toHaveLength(expected);
      await end(['succeeded', 'rejected']);
      await fold(policy);
    }
    const [notification] = await arranged.database.notification.findMany({ where: { endpointId } });
    expect(notification).toMatchObject({ kind: 'endpoint-failing', tenantId, status: 'pending' });
    expect(notification?.reason).toMatch(/^Every attempt since \d{4}-\S+Z failed, 3 so far$/);
  });

  test('is disabled when it failed for too long, with a notification and an entry of the audit log, once', async () => {
    await end(['rejected', 'rejected']);
    await fold({ disableAfterSeconds: 60 });
    await age(61);
    await Promise.all([end(['rejected']), end(['timeout'])]);
    const folds = await Promise.all(
      Array.from({ length: 4 }, () => fold({ disableAfterSeconds: 60, warnAfterSeconds: 60 })),
    );
    expect(folds.flatMap(({ disabled }) => disabled)).toEqual([endpointId]);
    expect(await endpoint()).toMatchObject({
      status: 'disabled',
      disabledBy: 'failures',
      disabledReason: expect.stringMatching(/^Every attempt since .* failed, 4 so far$/),
    });
    expect(await kinds()).toEqual(['endpoint-disabled']);
    const entries = await arranged.database.auditEntry.findMany({
      where: { objectId: encodeTypeId('endpoint', endpointId) },
    });
    expect(entries).toMatchObject([{ actor: 'posthorn', action: 'disableEndpoint', tenantId, number: 1n }]);
  });

  test('is one of a few hundred whose policy a call follows, however many fail at once: none is forgotten', async () => {
    const TENFOLD = MAX_CHANGES * 10;
    await arranged.database.$executeRaw`
      WITH failing AS (
        INSERT INTO endpoints (id, tenant_id, url, description, events, status, secret_sealed)
        SELECT uuid_v7_at(now()), ${tenantId}::uuid, 'https://many.example', '', '{}', 'enabled', 'sealed'
        FROM generate_series(1, ${TENFOLD}::int) RETURNING id
      ), known AS (
        INSERT INTO endpoint_health (tenant_id, endpoint_id, consecutive_failures, first_failure_at, last_failure_at)
        SELECT ${tenantId}::uuid, id, 5, now() - interval '1 hour', now() - interval '1 minute' FROM failing
      )
      INSERT INTO health_changes (tenant_id, endpoint_id, at, failures, failed, succeeded, breaks)
      SELECT ${tenantId}::uuid, id, now(), 1, true, false, false FROM failing`;
    let disabled = 0;
    for (let call = 0; call < 10; call += 1) {
      const done = await fold({ disableAfterSeconds: 60 });
      expect(done).toMatchObject({ folded: MAX_CHANGES, more: true });
      expect(done.disabled).toHaveLength(MAX_CHANGES);
      disabled += done.disabled.length;
    }
    expect(disabled).toBe(TENFOLD);
    expect(await fold()).toEqual({ folded: 0, disabled: [], more: false });
  });

  test('goes by its own policy before the operator’s', async () => {
    const always = { warnAfterSeconds: 60, disableAfterSeconds: 60 };
    await arranged.database.endpoint.update({
      where: { id: endpointId },
      data: { warnAfterSeconds: 0, disableAfterSeconds: 0 },
    });
    await end(['rejected', 'rejected']);
    await fold();
    await age(100);
    await end(['rejected']);
    await fold(always);
    expect([await kinds(), (await endpoint()).status]).toEqual([[], 'enabled']);
    await arranged.database.endpoint.update({
      where: { id: endpointId },
      data: { warnAfterSeconds: 90, disableAfterSeconds: 500 },
    });
    await end(['rejected']);
    await fold();
    expect([await kinds(), (await endpoint()).status]).toEqual([['endpoint-failing'], 'enabled']);
  });

  test('begins anew when it is enabled: what failed before does not disable it again', async () => {
    const policy = { disableAfterSeconds: 60 };
    await end(['rejected', 'rejected']);
    await fold();
    await age(100);
    await end(['rejected']);
    await fold(policy);
    expect((await endpoint()).status).toBe('disabled');
    const act = operatorAct('endpoint', encodeTypeId('endpoint', endpointId));
    await updateEndpoint(
      scopeToTenant(arranged.database, tenantId),
      { tenantId, id: endpointId },
      { status: 'enabled' },
      act,
    );
    await end(['rejected', 'rejected']);
    await fold(policy);
    expect(await endpoint()).toMatchObject({ status: 'enabled', disabledBy: null });
    expect(await health()).toMatchObject({ consecutiveFailures: 2 });
  });
});

test.each([
  ['failures', 'enabled'],
  ['request', 'disabled'],
])('A probe that succeeds while the endpoint is disabled by %s leaves it %s', async (by, status) => {
  const disable = () =>
    arranged.database.endpoint.update({ where: { id: endpointId }, data: { status: 'disabled', disabledBy: by } });
  await end(['succeeded'], { enables: 'https://one.example', meanwhile: disable });
  expect((await endpoint()).status).toBe(status);
});
