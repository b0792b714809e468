import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { FIRST_WINDOW_REQUESTS } from '@posthorn/domain/endpoint/next-window';
import { eventually } from '@posthorn/testkit/eventually';
import fc from 'fast-check';
import { feedFound } from '../src/feed-parked.ts';
import { createEndpointGate, type EndpointGateOptions } from '../src/gate/create-endpoint-gate.ts';
import type { EndpointOf } from '../src/gate/endpoint-gate.ts';
import { holdTurn } from '../src/gate/hold-turn.ts';

const freshGate = (over: Partial<EndpointGateOptions> = {}) =>
  createEndpointGate({
    concurrency: 100,
    endpointConcurrency: 100,
    maxHeld: 1_000,
    now: () => 0,
    onRoom: () => undefined,
    ...over,
  });

/** An endpoint of a tenant. */
const of = (endpointId: string, tenantId = 'tenant'): EndpointOf => ({ endpointId, tenantId });

function tellNoRate(gate: ReturnType<typeof freshGate>, endpoint: EndpointOf): void {
  gate.setParked(endpoint, false);
  gate.setRateLimit(endpoint.endpointId, null);
}

/** A gate that knows its endpoints: none has a rate. */
function gateWith(over: Partial<EndpointGateOptions> = {}) {
  const gate = freshGate(over);
  for (const endpointId of ['a', 'b', 'c', 'busy', 'loud', 'quiet']) tellNoRate(gate, of(endpointId));
  return gate;
}

/** Whether an answer was quick; after one that was not, nothing is claimed ahead. */
const [QUICK, SLOW] = [true, false];

/** Of the leases that deliveries were claimed under, in their order. */
const [OLD, NEW] = ['lease 1', 'lease 2'];

/** A turn as most are: the request begins at once, is answered, and recorded. */
function end(gate: ReturnType<typeof freshGate>, endpoint: EndpointOf, healthy: boolean | null, quick = SLOW): void {
  expect(gate.start(endpoint.endpointId, NEW)).toBe(true);
  gate.answered(endpoint.endpointId, healthy, quick);
  gate.recorded(endpoint);
}

/** Lets everything that may enter do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function crowd(gate: ReturnType<typeof gateWith>, endpointId: string, count: number, tenantId?: string): string[] {
  const turns: string[] = [];
  for (let index = 0; index < count; index += 1)
    void gate.enter(of(endpointId, tenantId)).then((turn) => turns.push(turn));
  return turns;
}

test('A new endpoint gets its first window, and more as it answers, up to its limit', async () => {
  const gate = gateWith({ endpointConcurrency: 20 });
  const turns = crowd(gate, 'a', 60);
  await settle();
  expect(turns).toHaveLength(FIRST_WINDOW_REQUESTS);
  for (let index = 0; index < 16; index += 1) end(gate, of('a'), true);
  await settle();
  expect(gate.inFlight()).toBe(20);
});

test('An endpoint that hangs shrinks to one request at a time', async () => {
  const gate = gateWith();
  crowd(gate, 'a', 60);
  await settle();
  for (let index = 0; index < FIRST_WINDOW_REQUESTS; index += 1) end(gate, of('a'), false);
  await settle();
  expect(gate.inFlight()).toBe(1);
});

test('Of a crowd that is too large for memory the rest is sent to wait in PostgreSQL', async () => {
  const gate = gateWith({ maxHeld: 10 });
  const turns = crowd(gate, 'a', 100);
  await settle();
  expect(gate.held()).toBe(10);
  expect(turns.filter((turn) => turn === 'park')).toHaveLength(100 - FIRST_WINDOW_REQUESTS - 10);
});

describe('What is wanted', () => {
  test('is what is under way while slots are free, however many wait for their endpoint', async () => {
    const gate = gateWith();
    crowd(gate, 'a', 60);
    crowd(gate, 'b', 1);
    await settle();
    gate.setParked(of('a'), true);
    expect(gate.wanted()).toBe(FIRST_WINDOW_REQUESTS + 1);
    expect(gate.inFlight()).toBe(FIRST_WINDOW_REQUESTS + 1);
  });

  test('is more where slots are all that is lacking: as much as waits here, and all that fits of what is parked', async () => {
    const gate = gateWith({ concurrency: 2 });
    crowd(gate, 'a', 60);
    crowd(gate, 'b', 3);
    await settle();
    expect(gate.inFlight()).toBe(2);
    expect(gate.wanted()).toBe(FIRST_WINDOW_REQUESTS + 3);
    gate.setParked(of('b'), true);
    gate.setParked(of('c'), true);
    expect(gate.wanted()).toBe(3 * FIRST_WINDOW_REQUESTS);
  });

  test('is one at a time of an endpoint with a rate, and only when its next may start', async () => {
    let now = 0;
    const gate = gateWith({ concurrency: 1, now: () => now });
    gate.setRateLimit('a', 10);
    await gate.enter(of('busy'));
    crowd(gate, 'a', 20);
    expect(gate.wanted()).toBe(1);
    now = 10_000;
    expect(gate.wanted()).toBe(2);
    gate.close();
  });
});

test('All slots taken, those who wait go in turns, not the loudest first', async () => {
  const gate = gateWith({ concurrency: 1 });
  await gate.enter(of('busy'));
  const order: string[] = [];
  for (const endpointId of ['loud', 'loud', 'loud', 'quiet'])
    void gate.enter(of(endpointId)).then(() => order.push(endpointId));
  for (const endpointId of ['busy', 'loud', 'quiet', 'loud']) {
    await settle();
    end(gate, of(endpointId), true);
  }
  await settle();
  expect(order.slice(0, 3)).toEqual(['loud', 'quiet', 'loud']);
});

test('Each of several dispatchers takes its share of an endpoint', async () => {
  const gate = gateWith({ endpointConcurrency: 9 });
  gate.setDispatchers({ alive: 3, place: 0, aheadMs: 0 });
  crowd(gate, 'a', 20);
  await settle();
  expect(gate.inFlight()).toBe(3);
});

test('A rate limit spreads the requests, over all dispatchers together', async () => {
  let now = 0;
  const gate = freshGate({ now: () => now });
  gate.setDispatchers({ alive: 2, place: 0, aheadMs: 0 });
  const entered = () => gate.tryEnter(of('a'));
  expect(entered()).toBe(true);
  gate.setRateLimit('a', 10);
  expect(entered()).toBe(false);
  now = 199;
  expect(entered()).toBe(false);
  now = 200;
  expect([entered(), entered()]).toEqual([true, false]);
});

test('Dispatchers take the slots of a rate in turns, however their clocks differ', async () => {
  const starts: number[] = [];
  let shared = 0;
  const gates = [0, 1, 2].map((place) => {
    const skew = place * 1_234.5;
    const gate = freshGate({ now: () => shared + skew });
    gate.setDispatchers({ alive: 3, place, aheadMs: -skew });
    gate.tryEnter(of('a'));
    gate.setRateLimit('a', 10);
    return gate;
  });
  for (shared = 1; shared < 3_000; shared += 1) {
    for (const gate of gates) {
      if (!gate.tryEnter(of('a'))) continue;
      starts.push(shared);
      end(gate, of('a'), true);
    }
  }
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  expect(starts.length).toBeGreaterThanOrEqual(28);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(99);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(101);
});

test('Of an endpoint whose rate is not known yet one request goes alone, and tells it', async () => {
  const gate = freshGate();
  crowd(gate, 'a', 10);
  await settle();
  expect(gate.inFlight()).toBe(1);
  gate.setRateLimit('a', null);
  await settle();
  expect(gate.inFlight()).toBe(FIRST_WINDOW_REQUESTS);
});

test('Of turns that were taken before a rate was set, only the one that tells it begins; the others come again, spread', () => {
  let now = 0;
  const gate = gateWith({ now: () => now });
  const enter = () => gate.tryEnter(of('a'));
  expect([enter(), enter(), enter(), enter()]).toEqual([true, true, true, true]);
  expect(gate.start('a', OLD)).toBe(true);
  gate.setRateLimit('a', 10);
  expect([gate.start('a', NEW), gate.start('a', NEW)]).toEqual([true, false]);
  gate.leave(of('a'));
  // What it was taken for was claimed by somebody else.
  gate.leave(of('a'));
  expect(enter()).toBe(false);
  now = 100;
  expect([enter(), enter()]).toEqual([true, false]);
  expect(gate.start('a', NEW)).toBe(true);
});

test('Room for parked rows is offered as soon as there is some, and only then', async () => {
  const offers: [string, number][] = [];
  const gate = gateWith({ concurrency: 2, onRoom: ({ endpointId }, room) => void offers.push([endpointId, room]) });
  await gate.enter(of('a'));
  await gate.enter(of('a'));
  gate.setParked(of('a'), true);
  expect(offers).toEqual([]);
  end(gate, of('a'), true);
  expect(offers).toEqual([['a', 1]]);
});

test('Parked rows have every fifth turn of an endpoint whose jobs never end, so that they do not wait for ever', async () => {
  const order: string[] = [];
  const gate = gateWith({
    concurrency: 1,
    onRoom: (endpoint, room) => {
      order.push(`row, of ${room}`);
      expect(gate.tryEnter(endpoint)).toBe(true);
    },
  });
  await gate.enter(of('a'));
  for (let job = 1; job <= 12; job += 1) void gate.enter(of('a')).then(() => order.push('job'));
  gate.setParked(of('a'), true);
  for (let turn = 0; turn < 10; turn += 1) {
    end(gate, of('a'), true);
    await settle();
  }
  const four = ['job', 'job', 'job', 'job'];
  expect(order).toEqual([...four, 'row, of 1', ...four, 'row, of 1']);
});

test('Where parked rows are claimed already when it is their turn, jobs go on', async () => {
  let jobs = 0;
  const gate = gateWith({ concurrency: 1, onRoom: () => undefined });
  await gate.enter(of('a'));
  for (let job = 1; job <= 12; job += 1) void gate.enter(of('a')).then(() => (jobs += 1));
  gate.setParked(of('a'), true);
  for (let turn = 0; turn < 12; turn += 1) {
    expect(gate.inFlight()).toBe(1);
    end(gate, of('a'), true);
    await settle();
  }
  expect(jobs).toBe(12);
});

test('Room is offered at the time that the rate allows, though a timer ends a moment before', async () => {
  let clock = 0;
  const offered: number[] = [];
  const gate = freshGate({ now: () => clock, onRoom: () => void offered.push(clock) });
  gate.setParked(of('a'), false);
  gate.setRateLimit('a', 100);
  gate.setParked(of('a'), true);
  await delay(30);
  expect(offered).toEqual([]);
  clock = 10;
  await eventually(() => expect(offered).toEqual([10]));
});

test('Closing sends everything back that waits, and lets nothing in', async () => {
  const gate = gateWith({ concurrency: 1 });
  const turns = crowd(gate, 'a', 5);
  await settle();
  gate.close();
  await settle();
  expect(turns).toEqual(['entered', 'closed', 'closed', 'closed', 'closed']);
  expect(await gate.enter(of('b'))).toBe('closed');
  expect(gate.tryEnter(of('b'))).toBe(false);
});

describe('Claims ahead', () => {
  const LIMIT = 4;
  const quickGate = async (over: Partial<EndpointGateOptions> = {}) => {
    const gate = gateWith({ endpointConcurrency: LIMIT, ...over });
    await gate.enter(of('a'));
    end(gate, of('a'), true, QUICK);
    return gate;
  };
  /** Asks for the starts of so many turns. @returns what each was told so far */
  const startAll = (gate: ReturnType<typeof gateWith>, count: number): (boolean | null)[] => {
    const told: (boolean | null)[] = Array.from({ length: count }, () => null);
    told.forEach((_, index) => {
      const start = gate.start('a', OLD);
      if (typeof start === 'boolean') told[index] = start;
      else void start.then((mayStart) => (told[index] = mayStart));
    });
    return told;
  };
  const withinLimit = [true, true, true, true];

  test('an endpoint that answers quickly has twice its turns, and no more requests in flight than its limit', async () => {
    const gate = await quickGate();
    crowd(gate, 'a', 20);
    await settle();
    expect(gate.inFlight()).toBe(2 * LIMIT);
    const told = startAll(gate, 6);
    expect(told).toEqual([...withinLimit, null, null]);
    gate.answered('a', true, QUICK);
    await settle();
    expect(told).toEqual([...withinLimit, true, null]);
    gate.close();
  });

  test.each<[what: string, healthy: boolean | null, quick: boolean]>([
    ['takes its time', true, SLOW],
    ['hangs', false, SLOW],
    ['asks for less', false, SLOW],
  ])('one that %s has none ahead', async (_, healthy, quick) => {
    const gate = await quickGate();
    await gate.enter(of('a'));
    end(gate, of('a'), healthy, quick);
    crowd(gate, 'a', 20);
    await settle();
    expect(gate.inFlight()).toBe(healthy ? LIMIT : LIMIT / 2);
  });

  test('one with a rate has none ahead, and those that were begin no burst', async () => {
    let now = 0;
    const gate = await quickGate({ now: () => now });
    for (let turn = 0; turn < 6; turn += 1) expect(gate.tryEnter(of('a'))).toBe(true);
    const told = startAll(gate, 6);
    gate.setRateLimit('a', 10);
    await settle();
    expect(told).toEqual([...withinLimit, false, false]);
    gate.leave(of('a'));
    gate.leave(of('a'));
    now = 10_000;
    expect(gate.tryEnter(of('a'))).toBe(false);
    gate.answered('a', true, QUICK);
    expect(gate.tryEnter(of('a'))).toBe(false);
    gate.recorded(of('a'));
    expect([gate.tryEnter(of('a')), gate.tryEnter(of('a'))]).toEqual([true, false]);
  });

  test('what waits in vain for its start goes back after a second, and nothing more is claimed ahead', async () => {
    const gate = await quickGate();
    crowd(gate, 'a', 20);
    await settle();
    const told = startAll(gate, 6);
    await eventually(() => expect(told).toEqual([...withinLimit, false, false]));
    gate.leave(of('a'));
    gate.leave(of('a'));
    await settle();
    expect(gate.inFlight()).toBe(2 * LIMIT - 2);
  });

  test('closing sends those back that wait for their start, and lets none begin', async () => {
    const gate = await quickGate();
    crowd(gate, 'a', 20);
    await settle();
    const told = startAll(gate, 6);
    gate.close();
    await settle();
    expect(told).toEqual([...withinLimit, false, false]);
    expect(gate.start('a', OLD)).toBe(false);
  });

  test('what is recalled goes back, wherever it is before its start, and what is claimed afterwards begins', async () => {
    const gate = await quickGate();
    crowd(gate, 'a', 20);
    await settle();
    const told = startAll(gate, 6);
    gate.recall('a', NEW);
    await settle();
    expect(told).toEqual([...withinLimit, false, false]);
    // Was being claimed meanwhile.
    expect(gate.start('a', OLD)).toBe(false);
    for (const _ of withinLimit) gate.answered('a', true, QUICK);
    expect(gate.start('a', NEW)).toBe(true);
  });

  test('a recall of an endpoint that has no turns says nothing of what it will get', async () => {
    const gate = freshGate();
    gate.recall('a', NEW);
    await gate.enter(of('a'));
    expect(gate.start('a', NEW)).toBe(true);
  });

  test('one that takes deliveries quickly gets the next request while an answer is recorded, whose slot is still taken', () => {
    const gate = gateWith({ endpointConcurrency: 1, concurrency: 3 });
    expect(gate.tryEnter(of('a'))).toBe(true);
    expect(gate.start('a', OLD)).toBe(true);
    gate.answered('a', true, QUICK);
    expect([gate.tryEnter(of('a')), gate.tryEnter(of('a')), gate.tryEnter(of('a'))]).toEqual([true, true, false]);
    expect(gate.inFlight()).toBe(3);
  });

  test('any other gets it once the answer is recorded', () => {
    const gate = gateWith({ endpointConcurrency: 1, concurrency: 3 });
    expect(gate.tryEnter(of('a'))).toBe(true);
    expect(gate.start('a', OLD)).toBe(true);
    gate.answered('a', true, SLOW);
    expect(gate.tryEnter(of('a'))).toBe(false);
    gate.recorded(of('a'));
    expect([gate.tryEnter(of('a')), gate.tryEnter(of('a'))]).toEqual([true, false]);
  });
});

describe('A turn', () => {
  const stages: [what: string, reached: ('start' | 'answered')[]][] = [
    ['in which nothing was sent', []],
    ['whose request never ended', ['start']],
    ['that was answered', ['start', 'answered']],
  ];
  test.each(stages)('%s gives back what it held, once', async (_, reached) => {
    const gate = gateWith({ endpointConcurrency: 1 });
    await gate.enter(of('a'));
    const turn = holdTurn(gate, of('a'));
    if (reached.includes('start')) expect(await turn.start(OLD)).toBe(true);
    if (reached.includes('answered')) turn.answered(true, SLOW);
    turn.end();
    expect(gate.inFlight()).toBe(0);
    expect([gate.tryEnter(of('a')), gate.tryEnter(of('a'))]).toEqual([true, false]);
  });
});

describe('Tenants', () => {
  /** As many endpoints of one tenant as take all they get, each with a first window's requests. */
  function hang(gate: ReturnType<typeof gateWith>, tenantId: string, endpoints: number): void {
    for (let index = 0; index < endpoints; index += 1) {
      tellNoRate(gate, of(`${tenantId} ${index}`, tenantId));
      crowd(gate, `${tenantId} ${index}`, 50, tenantId);
    }
  }

  test('one that takes all it can gets half of the slots, the next one half of the rest', async () => {
    const gate = gateWith({ concurrency: 64 });
    hang(gate, 'first', 40);
    await settle();
    expect(gate.inFlight()).toBe(32);
    hang(gate, 'second', 40);
    await settle();
    expect(gate.inFlight()).toBe(48);
    hang(gate, 'third', 40);
    await settle();
    expect(gate.inFlight()).toBe(56);
    tellNoRate(gate, of('calm', 'calm'));
    expect(gate.tryEnter(of('calm', 'calm'))).toBe(true);
  });

  test('the only one has all slots, until another comes', async () => {
    const gate = freshGate({ concurrency: 16 });
    hang(gate, 'only', 10);
    await settle();
    expect(gate.inFlight()).toBe(16);
    crowd(gate, 'new', 1, 'new');
    for (let index = 0; index < 16; index += 1) end(gate, of(`only ${index % 4}`, 'only'), false);
    await settle();
    const turns = crowd(gate, 'new', 1, 'new');
    await settle();
    expect(turns).toEqual([]);
    end(gate, of('new', 'new'), true);
    await settle();
    expect(turns).toEqual(['entered']);
    expect(gate.inFlight()).toBeLessThanOrEqual(9);
  });

  test('that are found by one look after a start share the slots: the first one is not taken for the only one', () => {
    const gate = freshGate({
      concurrency: 16,
      onRoom(endpoint, room) {
        for (let turn = 0; turn < room; turn += 1) gate.tryEnter(endpoint);
      },
    });
    const found = Array.from({ length: 40 }, (_, index) => of(`first ${index}`, 'first'));
    feedFound(gate, [...found, of('second', 'second')]);
    expect(gate.inFlight()).toBe(9);
    expect(gate.tryEnter(of('third', 'third'))).toBe(true);
  });

  test('whose deliveries fill the places to wait leave places to others', async () => {
    const gate = gateWith({ concurrency: 8, maxHeld: 100 });
    hang(gate, 'loud', 40);
    await settle();
    expect(gate.held()).toBe(50);
    crowd(gate, 'calm', 60, 'calm');
    await settle();
    expect(gate.held()).toBe(75);
  });

  test('take turns, however many endpoints one of them has', async () => {
    const gate = gateWith({ concurrency: 1 });
    await gate.enter(of('busy'));
    const order: string[] = [];
    for (const [endpointId, tenantId] of [
      ['loud 1', 'loud'],
      ['loud 2', 'loud'],
      ['loud 3', 'loud'],
      ['quiet', 'quiet'],
    ] as const) {
      tellNoRate(gate, of(endpointId, tenantId));
      void gate.enter(of(endpointId, tenantId)).then(() => order.push(endpointId));
    }
    for (const endpointId of ['busy', 'loud 1', 'quiet', 'loud 2']) {
      await settle();
      end(
        gate,
        of(endpointId, endpointId.startsWith('loud') ? 'loud' : endpointId === 'busy' ? 'tenant' : 'quiet'),
        true,
      );
    }
    await settle();
    expect(order).toEqual(['loud 1', 'quiet', 'loud 2', 'loud 3']);
  });
});

describe('Endpoints of one tenant', () => {
  const WINDOW = 64;
  /** As many slots and as large windows as there are by default; another tenant is known, so this one has half of the slots. */
  function defaultGate() {
    const gate = gateWith({ concurrency: 256, endpointConcurrency: WINDOW, maxHeld: 1_024 });
    tellNoRate(gate, of('of another', 'another'));
    return gate;
  }
  /** Answers until its window is as large as may be. */
  function grow(gate: ReturnType<typeof gateWith>, endpointId: string, quick: boolean): void {
    for (let answer = 0; answer < WINDOW; answer += 1) {
      expect(gate.tryEnter(of(endpointId))).toBe(true);
      end(gate, of(endpointId), true, quick);
    }
  }

  test.each([
    ['quickly', QUICK],
    ['slowly', SLOW],
  ])('two that answered %s and then hang leave slots to a third one', async (_, quick) => {
    const gate = defaultGate();
    grow(gate, 'a', quick);
    grow(gate, 'b', quick);
    crowd(gate, 'a', 200);
    crowd(gate, 'b', 200);
    await settle();
    const turns = crowd(gate, 'c', 10);
    await settle();
    expect(turns.slice(0, 4)).toEqual(['entered', 'entered', 'entered', 'entered']);
    gate.close();
  });

  test.each([
    ['quickly has three quarters of what its tenant may have, to claim ahead', QUICK, 1.5 * WINDOW],
    ['slowly has its whole window', SLOW, WINDOW],
  ])('the only one that is busy and answers %s', async (_, quick, slots) => {
    const gate = defaultGate();
    grow(gate, 'a', quick);
    crowd(gate, 'a', 200);
    await settle();
    expect(gate.inFlight()).toBe(slots);
    gate.close();
  });

  test('several that are busy use most of what their tenant may have', async () => {
    const gate = defaultGate();
    const names = ['a', 'b', 'c', 'loud'];
    for (const endpointId of names) grow(gate, endpointId, SLOW);
    for (const endpointId of names) crowd(gate, endpointId, 100);
    await settle();
    expect(gate.inFlight()).toBeGreaterThanOrEqual(120);
    gate.close();
  });

  test('one that was held back goes on as soon as another one gives its slots back', async () => {
    const gate = defaultGate();
    grow(gate, 'a', SLOW);
    grow(gate, 'b', SLOW);
    crowd(gate, 'a', WINDOW);
    crowd(gate, 'b', WINDOW);
    await settle();
    expect(gate.inFlight()).toBe(WINDOW + WINDOW / 2);
    for (let answer = 0; answer < WINDOW; answer += 1) end(gate, of('a'), true, SLOW);
    await settle();
    expect(gate.inFlight()).toBe(WINDOW);
    gate.close();
  });
});

describe('Whatever happens', () => {
  const LIMIT = 3;
  const SLOTS = 8;
  const endpointName = fc.constantFrom('a', 'a', 'b', 'c');
  const rate = fc.constantFrom(null, null, null, 5, 50);
  /** Most of what happens is traffic to endpoints without a rate, so that limits are reached. */
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('enter' as const), endpoint: endpointName }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('start' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        healthy: fc.constantFrom(true, true, true, false, null),
        quick: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('record' as const) }) },
    fc.record({ kind: fc.constant('tell' as const), endpoint: endpointName, rate }),
    fc.record({ kind: fc.constant('recall' as const), endpoint: endpointName }),
    fc.record({ kind: fc.constant('share' as const), alive: fc.constantFrom(1, 1, 2, 4) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 15, 100, 1_000) }),
  );
  /** A rate's slots pass by within a few rounds, and so does the patience of who waits for a start. */
  const ROUND_MS = 100;
  /** Of a rate of 5 a second, shared with three others, whoever came takes 800 ms each. */
  const MAX_ROUNDS = 2_000;

  beforeEach(() => {
    // Promises and `settle` go on by themselves.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Deliveries at the gate, each list in the order in which they came so far. */
  function deliveriesAt(gate: ReturnType<typeof freshGate>) {
    const [entered, starting, sending, answered] = [[], [], [], []] as string[][] as [
      string[],
      string[],
      string[],
      string[],
    ];
    let token = OLD;
    const seen = { asked: 0, turnedAway: 0, through: 0, mostSending: 0 };
    const noteSending = (endpointId: string): void => {
      sending.push(endpointId);
      seen.mostSending = Math.max(seen.mostSending, sending.filter((each) => each === endpointId).length);
    };
    const moves = {
      enter(endpointId: string) {
        seen.asked += 1;
        void gate
          .enter(of(endpointId))
          .then((turn) => (turn === 'entered' ? entered.push(endpointId) : (seen.turnedAway += 1)));
      },
      start() {
        const endpointId = entered.shift();
        if (endpointId === undefined) return;
        const start = gate.start(endpointId, token);
        if (start === true) return noteSending(endpointId);
        starting.push(endpointId);
        void Promise.resolve(start).then((mayStart) => {
          starting.splice(starting.indexOf(endpointId), 1);
          if (mayStart) return noteSending(endpointId);
          gate.leave(of(endpointId));
          seen.through += 1;
        });
      },
      recall(endpointId: string) {
        gate.recall(endpointId, NEW);
        token = NEW;
      },
      answer(healthy: boolean | null, quick: boolean) {
        const endpointId = sending.shift();
        if (endpointId === undefined) return;
        answered.push(endpointId);
        gate.answered(endpointId, healthy, quick);
      },
      record() {
        const endpointId = answered.shift();
        if (endpointId === undefined) return;
        seen.through += 1;
        gate.recorded(of(endpointId));
      },
    };
    return { ...moves, seen, holding: () => [entered, starting, sending, answered].flat() };
  }

  test('no limit is passed, two endpoints leave a slot to the third, and everyone who waits gets a turn in the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 150, size: 'max' }), async (steps) => {
        const limits = { concurrency: SLOTS, endpointConcurrency: LIMIT, maxHeld: 50 };
        const gate = freshGate({ ...limits, now: () => performance.now() });
        const deliveries = deliveriesAt(gate);
        const { seen } = deliveries;
        for (const next of steps) {
          if (next.kind === 'enter') deliveries.enter(next.endpoint);
          else if (next.kind === 'answer') deliveries.answer(next.healthy, next.quick);
          else if (next.kind === 'recall') deliveries.recall(next.endpoint);
          else if (next.kind === 'tell') gate.setRateLimit(next.endpoint, next.rate);
          else if (next.kind === 'share') gate.setDispatchers({ alive: next.alive, place: next.alive - 1, aheadMs: 5 });
          else if (next.kind === 'wait') jest.advanceTimersByTime(next.ms);
          else deliveries[next.kind]();
          await settle();
          expect(gate.inFlight()).toBeLessThanOrEqual(SLOTS);
          const holding = deliveries.holding();
          expect(gate.inFlight()).toBe(holding.length);
          // Two that take all they can leave a slot to the third.
          if (new Set(holding).size < 3) expect(gate.inFlight()).toBeLessThan(SLOTS);
          expect(seen.mostSending).toBeLessThanOrEqual(LIMIT);
        }
        for (let round = 0; round < MAX_ROUNDS && seen.through + seen.turnedAway < seen.asked; round += 1) {
          deliveries.start();
          deliveries.answer(true, QUICK);
          deliveries.record();
          jest.advanceTimersByTime(ROUND_MS);
          await settle();
        }
        expect(seen.through + seen.turnedAway).toBe(seen.asked);
        expect(gate.inFlight()).toBe(0);
        expect(gate.held()).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
