import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cmr } from '@posthorn/wire/profiles/cmr';
import { connectDomain } from '@posthorn/wire/profiles/connect-domain';
import fc from 'fast-check';
import { addEndpoint, addKey, startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  tenant = await api.tenant();
});
afterAll(() => api.close());

const hostname = { hostname: 'app.customer.example', setup_type: 'automatic' };
const person = { userId: 'u', userEmail: 'u@acme.example', orderId: 'o-1' };

const pathOf = (lifecycle: string, subject: string) => `/v1/lifecycles/${lifecycle}/${encodeURIComponent(subject)}`;
const move = (lifecycle: string, subject: string, body: object, key = tenant.key) =>
  api.request('POST', `${pathOf(lifecycle, subject)}/transitions`, { key, body });
const read = (lifecycle: string, subject: string, key = tenant.key) =>
  api.request('GET', pathOf(lifecycle, subject), { key });
const connect = (to: string, more: object = {}, subject = 'c-1') =>
  move('connection', subject, { to, data: hostname, ...more });
const typesOf = (body: { events: readonly { type: string }[] }) => body.events.map(({ type }) => type);

async function eventTypes(jobId: string): Promise<string[]> {
  const { body } = await api.request('GET', `/v1/events?limit=200&jobId=${encodeURIComponent(jobId)}`, {
    key: tenant.key,
  });
  return body.data.map(({ type }) => type).reverse();
}

async function usage(query = ''): Promise<Record<string, number>> {
  const { body } = await api.request('GET', `/v1/usage${query}`, { key: tenant.key });
  return Object.fromEntries(body.data.map((row) => [row.kind, row.count]));
}

describe('connection', () => {
  test('200 on the automatic way: the first transition makes the subject in the start state, live fires the pair', async () => {
    const { id } = await addEndpoint(api, tenant.key);
    const first = await connect('propagating');
    expect([first.status, first.body]).toEqual([
      200,
      {
        lifecycle: 'connection',
        subject: 'c-1',
        state: 'propagating',
        version: 1,
        events: [{ id: expect.stringMatching(/^evt_/), type: 'domain.added' }],
      },
    ]);
    const live = await connect('live', { from: 'propagating' });
    expect(typesOf(live.body)).toEqual(['ssl.issued', 'domain.flow.completed']);
    expect(await eventTypes('c-1')).toEqual(['domain.added', 'ssl.issued', 'domain.flow.completed']);
    expect((await read('connection', 'c-1')).body).toEqual({
      lifecycle: 'connection',
      subject: 'c-1',
      state: 'live',
      version: 2,
    });
    const { body } = await api.request('GET', `/v1/webhook-deliveries?endpoint_id=${id}`, { key: tenant.key });
    expect(body.data).toHaveLength(3);
  });

  test('200 on the long way, and through drift back to live, where the pair fires again', async () => {
    const way = ['created', 'pending_ownership', 'verifying', 'verified', 'dns_writing', 'propagating', 'stalled'];
    const rest = ['propagating', 'issuing_cert', 'live', 'drifted', 'live', 'archived'];
    const versions = [];
    for (const to of [...way, ...rest]) versions.push((await connect(to)).body.version);
    expect(versions).toEqual([...way, ...rest].map((_, index) => index + 1));
    expect(await eventTypes('c-1')).toEqual([
      'domain.verified',
      'ssl.issued',
      'domain.flow.completed',
      'domain.drift',
      'ssl.issued',
      'domain.flow.completed',
    ]);
  });

  test('a live transition and a posted half of the pair are one pair', async () => {
    await connect('propagating');
    const event = { type: 'ssl.issued', jobId: 'c-1', data: hostname };
    const posted = await api.request('POST', '/v1/events', { key: tenant.key, body: event });
    const live = await connect('live');
    expect(live.body.events[0].id).toBe(posted.body.id);
    expect((await eventTypes('c-1')).filter((type) => type === 'ssl.issued')).toHaveLength(1);
  });

  test('409 with the current state for a way that is not there, and for one that another actor took', async () => {
    await connect('propagating');
    const lost = await connect('verified');
    expect(lost.body).toMatchObject({ code: 'conflict', status: 409, state: 'propagating', version: 1 });
    expect(lost.body.detail).toContain('stalled');
    await connect('live');
    expect((await connect('live', { from: 'propagating' })).body).toMatchObject({ state: 'live', version: 2 });
    const fresh = await connect('live', {}, 'never-seen');
    expect(fresh.body).toMatchObject({ status: 409, state: 'created', version: 0 });
    expect((await read('connection', 'never-seen')).status).toBe(404);
  });

  test('archived ends it, failed can only be archived', async () => {
    await connect('failed', {}, 'a');
    expect((await connect('failed', {}, 'a')).status).toBe(409);
    expect((await connect('propagating', {}, 'a')).status).toBe(409);
    expect((await connect('archived', {}, 'a')).status).toBe(200);
    expect((await connect('failed', {}, 'a')).status).toBe(409);
  });
});

describe('what is refused', () => {
  test.each([
    [{}, 'to'],
    [{ to: 'nowhere' }, 'to'],
    [{ to: 'live', from: 'nowhere' }, 'from'],
    [{ to: 'propagating', data: [] }, 'data'],
    [{ to: 'propagating', extra: 1 }, 'extra'],
    [{ to: 'propagating', data: { hostname: 'x' } }, 'data.setup_type'],
    [{ to: 'propagating', data: { hostname: 5, setup_type: 'automatic' } }, 'data.hostname'],
  ])('400 for %j names %s, and nothing has moved', async (body, path) => {
    const answer = await move('connection', 'r-1', body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
    expect((await read('connection', 'r-1')).status).toBe(404);
    expect(await usage()).toEqual({ connect: 0, active_domain: 0, cert: 0, api_call: 0 });
  });

  test('404 for a lifecycle that the profile does not have, with those that it has', async () => {
    const answer = await move('order', 'o', { to: 'placed' });
    expect([answer.status, answer.body.detail]).toEqual([404, expect.stringContaining('connection')]);
    expect((await read('order', 'o')).status).toBe(404);
    expect((await connect('created', {}, 'x'.repeat(201))).status).toBe(404);
  });

  test('403 without connections:write, which includes connections:read', async () => {
    const key = (await addKey(api, tenant.id, ['connections:read'])).api_key;
    expect((await move('connection', 'c', { to: 'created' }, key)).status).toBe(403);
    const writer = (await addKey(api, tenant.id, ['connections:write'])).api_key;
    expect((await move('connection', 'c', { to: 'created' }, writer)).status).toBe(200);
    expect((await read('connection', 'c', writer)).status).toBe(200);
    expect((await read('connection', 'c', key)).status).toBe(200);
  });
});

describe('order, subscription, prewarmup', () => {
  beforeEach(async () => {
    tenant = await api.tenant('cmr');
  });

  test('an order that goes well: one mailbox.created per mailbox, each with its own data and the common fields', async () => {
    await move('order', 'o-1', { to: 'placed' });
    const registered = await move('order', 'o-1', {
      to: 'domain_registered',
      data: { ...person, domain: 'a.example' },
    });
    expect(typesOf(registered.body)).toEqual(['domain.order.success']);
    const mailboxes = [{ email: 'a@a.example' }, { email: 'b@a.example', orderId: 'o-2' }, 'c@a.example'];
    const { body } = await move('order', 'o-1', { to: 'mailboxes_provisioned', data: { ...person, mailboxes } });
    expect(typesOf(body)).toEqual(['mailbox.order.success', ...mailboxes.map(() => 'mailbox.created')]);
    const payloads = await Promise.all(
      body.events.map(async ({ id }) => {
        const event = await api.request('GET', `/v1/events/${id}`, { key: tenant.key });
        return JSON.parse(event.body.payload) as { event: string; data: unknown };
      }),
    );
    expect(payloads.map(({ data }) => data)).toEqual([
      { ...person, mailboxes },
      { ...person, email: 'a@a.example' },
      { ...person, email: 'b@a.example', orderId: 'o-2' },
      { ...person, mailboxes: 'c@a.example' },
    ]);
  });

  test('a domain that failed ends the order: no mailbox events can follow', async () => {
    const failed = await move('order', 'o-1', { to: 'domain_failed', data: person });
    expect(typesOf(failed.body)).toEqual(['domain.order.failed']);
    for (const to of ['domain_registered', 'mailboxes_provisioned', 'mailboxes_failed']) {
      expect((await move('order', 'o-1', { to, data: { ...person, mailboxes: [] } })).status).toBe(409);
    }
    expect(await eventTypes('o-1')).toEqual(['domain.order.failed']);
  });

  test('mailboxes that failed end it too', async () => {
    await move('order', 'o-1', { to: 'domain_registered', data: person });
    const failed = await move('order', 'o-1', { to: 'mailboxes_failed', data: person });
    expect(typesOf(failed.body)).toEqual(['mailbox.order.failed']);
    expect((await move('order', 'o-1', { to: 'mailboxes_provisioned', data: person })).status).toBe(409);
  });

  test('400 when the list that becomes events is missing or too long, and the order stays where it was', async () => {
    await move('order', 'o-1', { to: 'domain_registered', data: person });
    for (const mailboxes of [undefined, {}, Array.from({ length: 1_001 }, () => 1)]) {
      const answer = await move('order', 'o-1', { to: 'mailboxes_provisioned', data: { ...person, mailboxes } });
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'data.mailboxes']);
    }
    expect((await read('order', 'o-1')).body).toMatchObject({ state: 'domain_registered', version: 1 });
  });

  test('400 when the entries would multiply the rest of data beyond what a batch may hold', async () => {
    await move('order', 'o-1', { to: 'domain_registered', data: person });
    const mailboxes = Array.from({ length: 1_000 }, () => ({}));
    const data = { ...person, big: 'x'.repeat(60_000), mailboxes };
    const answer = await move('order', 'o-1', { to: 'mailboxes_provisioned', data });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'data.mailboxes']);
    expect((await move('order', 'o-1', { to: 'mailboxes_provisioned', data: { ...person, mailboxes } })).status).toBe(
      200,
    );
  });

  test('a subscription renews, fails, renews again and is cancelled', async () => {
    const way: [string, string[]][] = [
      ['renewing', []],
      ['active', ['subscription.renewal.success']],
      ['renewing', []],
      ['renewal_failed', ['subscription.renewal.failed']],
      ['renewing', []],
      ['active', ['subscription.renewal.success']],
      ['cancelled', ['subscription.cancelled']],
    ];
    for (const [to, types] of way) {
      const answer = await move('subscription', 's-1', { to, data: person });
      expect([to, answer.status, typesOf(answer.body)]).toEqual([to, 200, types]);
    }
    expect((await move('subscription', 's-1', { to: 'renewing' })).status).toBe(409);
  });

  test('one pre-warmup order with two domains: one assigned, one failed', async () => {
    const of = (name: string) => ({ ...person, domain: name });
    const a = await move('prewarmup', 'o-1:a.example', { to: 'assigned', data: of('a.example') });
    const b = await move('prewarmup', 'o-1:b.example', { to: 'failed', data: of('b.example') });
    expect([...typesOf(a.body), ...typesOf(b.body)]).toEqual(['prewarmup.order.success', 'prewarmup.order.failed']);
    expect((await move('prewarmup', 'o-1:a.example', { to: 'failed', data: of('a.example') })).status).toBe(409);
    expect((await move('prewarmup', 'o-1:c.example', { to: 'assigned', data: person })).body.errors[0].path).toBe(
      'data.domain',
    );
  });
});

describe('usage', () => {
  test('counts what was metered, in a range of time, and of this tenant alone', async () => {
    const before = new Date().toISOString();
    await connect('propagating');
    await connect('live');
    await connect('drifted');
    await connect('live');
    await connect('created', {}, 'c-2');
    const counts = { connect: 2, active_domain: 2, cert: 2, api_call: 4 };
    expect(await usage()).toEqual(counts);
    expect(await usage(`?since=${before}`)).toEqual(counts);
    expect(await usage(`?until=${before}`)).toEqual({ connect: 0, active_domain: 0, cert: 0, api_call: 0 });
    const other = await api.tenant();
    const { body } = await api.request('GET', '/v1/usage', { key: other.key });
    expect(body.data.every((row) => row.count === 0)).toBe(true);
    expect((await api.request('GET', '/v1/usage?since=yesterday', { key: tenant.key })).status).toBe(400);
  });

  test('an API call that emits counts once, a batch too; one that gives an earlier answer does not', async () => {
    const event = { type: 'domain.verified', jobId: 'u', data: { hostname: 'a' } };
    const post = (path: string, body: object) => api.request('POST', path, { key: tenant.key, body });
    await post('/v1/events', event);
    await post('/v1/events/batch', { events: [event, event, event] });
    await post('/v1/events', { ...event, id: 'once' });
    await post('/v1/events', { ...event, id: 'once' });
    await post('/v1/events', { ...event, type: 'no.such' });
    expect((await usage())['api_call']).toBe(3);
  });
});

describe('Whoever races', () => {
  const edgesOf = (from: string, to: string) =>
    connectDomain.lifecycles[0]?.edges.find((edge) => edge.from === from && edge.to === to);
  const states = connectDomain.lifecycles[0]?.states ?? ['created'];
  const actor = fc.record({
    to: fc.constantFrom(...states),
    from: fc.option(fc.constantFrom(...states), { nil: undefined }),
  });

  test('each transition fires once, pairs never split, no illegal path, and usage agrees', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(actor, { minLength: 2, maxLength: 6 }), { minLength: 3, maxLength: 8 }),
        async (rounds) => {
          tenant = await api.tenant();
          let state = 'created';
          let version = 0;
          const fired: string[] = [];
          let lives = 0;
          let emitting = 0;
          for (const actors of [[{ to: 'propagating', from: undefined }], ...rounds]) {
            const answers = await Promise.all(actors.map((body) => connect(body.to, body, 'raced')));
            const won = answers.map(({ status, body }, index) => ({ status, body, asked: actors[index] }));
            expect(won.every(({ status }) => status === 200 || status === 409)).toBe(true);
            const moves = won.filter(({ status }) => status === 200).sort((a, b) => a.body.version - b.body.version);
            for (const { body, asked } of moves) {
              version += 1;
              expect(body.version).toBe(version);
              const edge = edgesOf(state, asked?.to ?? '');
              expect(edge).toBeDefined();
              if (asked?.from !== undefined) expect(asked.from).toBe(state);
              const types = (edge?.events ?? []).flatMap(({ type }) =>
                type === 'ssl.issued' ? [type, 'domain.flow.completed'] : [type],
              );
              expect(typesOf(body)).toEqual(types);
              fired.push(...types);
              emitting += types.length > 0 ? 1 : 0;
              lives += asked?.to === 'live' ? 1 : 0;
              state = asked?.to ?? '';
            }
            expect((await read('connection', 'raced')).body).toMatchObject({ state, version });
          }
          expect((await eventTypes('raced')).sort()).toEqual([...fired].sort());
          expect(await usage()).toEqual({ connect: 1, active_domain: lives, cert: lives, api_call: emitting });
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);

  test('of fifty actors who all want live, one wins', async () => {
    await connect('propagating');
    const answers = await Promise.all(Array.from({ length: 50 }, () => connect('live')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body.state === 'live')).toHaveLength(49);
    expect((await eventTypes('c-1')).filter((type) => type !== 'domain.added')).toHaveLength(2);
  });

  test('actors of many subjects at once do not stand in each other’s way', async () => {
    const subjects = Array.from({ length: 40 }, (_, index) => `many-${index}`);
    const answers = await Promise.all(subjects.map((subject) => connect('propagating', {}, subject)));
    expect(answers.map(({ status }) => status)).toEqual(subjects.map(() => 200));
    expect((await usage())['connect']).toBe(40);
  });
});

test('Every lifecycle of seed 001 has its events in the catalog', () => {
  const types = new Set(cmr.eventTypes.map(({ name }) => name));
  const fired = cmr.lifecycles.flatMap(({ edges }) => edges.flatMap(({ events }) => events.map(({ type }) => type)));
  expect(fired.filter((type) => !types.has(type))).toEqual([]);
  // The one event that no lifecycle fires: a user changes a mailbox at any time.
  expect([...types].filter((type) => !fired.includes(type))).toEqual(['mailbox.updated']);
});
