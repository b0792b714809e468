import { expect, test } from '@jest/globals';
import { newId } from '@posthorn/runtime/new-id';
import type { Accepted, EventRequest } from '@posthorn/store/engine/event-request';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import type { AcceptTogether } from '../src/events/accept-small.ts';
import { gatherEvents } from '../src/events/gather-events.ts';
import { prepareRequest } from '../src/events/prepare-request.ts';
import { createTenantWidths } from '../src/events/tenant-widths.ts';

const [wide, other, third] = [newId(), newId(), newId()];
const timeout = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });

function request(id: string): EventRequest {
  const scope = { id, profile: connectDomain, profileId: null, limited: false, under: null };
  const asked = { type: 'domain.verified', jobId: null, dataText: '{}', aggregateVersion: null };
  return prepareRequest(scope, asked, { callId: newId(), idempotency: null });
}

const answer = ({ events: [{ id, type, jobId, createdAt, tenantId }] }: EventRequest): Accepted => {
  const event = { id, type, jobId, createdAt, aggregateVersion: null, orderingKey: null, firedWith: null };
  return { kind: 'accepted', event: { ...event, deliveryCount: tenantId === wide ? 10_000 : 1 }, due: [], waitsIn: [] };
};

/** Notes whose events each statement stored. @param fail what a statement ends with, if anything */
function storing(fail: (requests: readonly EventRequest[]) => Error | false = () => false) {
  const statements: string[][] = [];
  const accept: AcceptTogether = async (requests) => {
    statements.push(requests.map(({ events: [{ tenantId }] }) => tenantId));
    // Whatever comes while it is under way shares the next one.
    await new Promise((resolve) => setImmediate(resolve));
    const error = fail(requests);
    if (error) throw error;
    return requests.map(answer);
  };
  const gathered = gatherEvents(accept);
  return { statements, post: (id: string) => gathered([request(id)]) };
}

const countWide = (requests: readonly EventRequest[]): number =>
  requests.filter(({ events: [{ tenantId }] }) => tenantId === wide).length;

test('A tenant whose events go to many endpoints shares no statement, and holds up nobody else’s', async () => {
  const { statements, post } = storing();
  await post(wide);
  await Promise.all([wide, other, wide, third, wide, other].map(post));
  const mixed = statements.filter((ids) => ids.includes(wide) && ids.length > 1);
  expect(mixed).toEqual([]);
  expect(statements).toContainEqual([other, third, other]);
});

test('A shared statement that takes too long is tried again for each tenant by itself, and all are accepted that can be', async () => {
  const { statements, post } = storing((requests) => countWide(requests) > 1 && timeout);
  const settled = await Promise.all([wide, other, wide, third, wide, other].map(post));
  expect(settled.flat().map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'accepted'));
  expect(statements.slice(1).every((ids) => new Set(ids).size === 1)).toBe(true);
});

test('What alone takes too long fails alone', async () => {
  const { post } = storing((requests) => countWide(requests) > 0 && timeout);
  const settled = await Promise.allSettled([other, wide, third, other].map(post));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});

test('A statement that went through after all is answered as one that took too long, not as a bug', async () => {
  const stored = new Set<string>();
  const { post } = storing((requests) => {
    const ids = requests.map(({ events: [{ id }] }) => id);
    if (ids.some((id) => stored.has(id))) return Object.assign(new Error('duplicate key'), { code: '23505' });
    for (const id of ids) stored.add(id);
    return ids.length > 1 && timeout;
  });
  const errors = await Promise.all([wide, other].map((id) => post(id).catch((error: unknown) => error)));
  expect(errors).toEqual([timeout, timeout]);
});

test('A wide event is remembered for a while; what was only guessed, until the next answer', () => {
  let clock = 0;
  const widths = createTenantWidths(() => clock);
  const requests = [request(wide), request(other)];
  widths.suspect(other);
  expect([widths.isWide(wide), widths.isWide(other)]).toEqual([false, true]);
  widths.note(requests, requests.map(answer));
  expect([widths.isWide(wide), widths.isWide(other)]).toEqual([true, false]);
  widths.suspect(wide);
  clock = 9_999;
  expect(widths.isWide(wide)).toBe(true);
  clock = 10_000;
  expect(widths.isWide(wide)).toBe(false);
});

test('Whoever posts more than may wait is refused what is too much, and the posts of others go with the next statement', async () => {
  const { statements, post } = storing();
  const many = Array.from({ length: 3_000 }, () => post(third).catch(() => null));
  await new Promise((resolve) => setImmediate(resolve));
  const [accepted] = await post(other);
  expect([accepted?.kind, statements.length <= 6]).toEqual(['accepted', true]);
  expect((await Promise.all(many)).filter((each) => each === null).length).toBeGreaterThan(500);
});
