import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FIRST_WINDOW_REQUESTS } from '@posthorn/domain/endpoint/next-window';
import { eventually } from '@posthorn/testkit/eventually';
import fc from 'fast-check';
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

/** A turn as most are: the request begins at once, is answered, and recorded. */
function end(gate: ReturnType<typeof freshGate>, endpoint: EndpointOf, healthy: boolean | null, quick = SLOW): void {
  expect(gate.start(endpoint.endpointId)).toBe(true);
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
      const start = gate.start('a');
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
    expect(gate.start('a')).toBe(false);
  });

  test('one that takes deliveries quickly gets the next request while an answer is recorded, whose slot is still taken', () => {
    const gate = gateWith({ endpointConcurrency: 1, concurrency: 3 });
    expect(gate.tryEnter(of('a'))).toBe(true);
    expect(gate.start('a')).toBe(true);
    gate.answered('a', true, QUICK);
    expect([gate.tryEnter(of('a')), gate.tryEnter(of('a')), gate.tryEnter(of('a'))]).toEqual([true, true, false]);
    expect(gate.inFlight()).toBe(3);
  });

  test('any other gets it once the answer is recorded', () => {
    const gate = gateWith({ endpointConcurrency: 1, concurrency: 3 });
    expect(gate.tryEnter(of('a'))).toBe(true);
    expect(gate.start('a')).toBe(true);
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
    if (reached.includes('start')) expect(await turn.start()).toBe(true);
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

describe('Whatever happens', () => {
  const LIMIT = 5;
  const SLOTS = 12;
  const endpointName = fc.constantFrom('a', 'b', 'c');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('enter' as const), endpoint: endpointName }),
    fc.record({ kind: fc.constant('start' as const) }),
    fc.record({
      kind: fc.constant('answer' as const),
      healthy: fc.constantFrom(true, true, false, null),
      quick: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('record' as const) }),
    fc.record({ kind: fc.constant('tell' as const), endpoint: endpointName }),
    fc.record({ kind: fc.constant('share' as const), alive: fc.integer({ min: 1, max: 4 }) }),
  );

  /** Deliveries at the gate, each list in the order in which they came so far. */
  function deliveriesAt(gate: ReturnType<typeof freshGate>) {
    const [entered, starting, sending, answered] = [[], [], [], []] as string[][] as [
      string[],
      string[],
      string[],
      string[],
    ];
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
        const start = gate.start(endpointId);
        if (start === true) return noteSending(endpointId);
        starting.push(endpointId);
        void Promise.resolve(start).then((mayStart) => {
          starting.splice(starting.indexOf(endpointId), 1);
          if (mayStart) return noteSending(endpointId);
          gate.leave(of(endpointId));
          seen.through += 1;
        });
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
    return { ...moves, seen, holding: () => [entered, starting, sending, answered].flat().length };
  }

  test('no limit is passed, and everyone who waits gets a turn in the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 150 }), async (steps) => {
        const gate = freshGate({ concurrency: SLOTS, endpointConcurrency: LIMIT, maxHeld: 50 });
        const deliveries = deliveriesAt(gate);
        const { seen } = deliveries;
        for (const next of steps) {
          if (next.kind === 'enter') deliveries.enter(next.endpoint);
          else if (next.kind === 'answer') deliveries.answer(next.healthy, next.quick);
          else if (next.kind === 'tell') gate.setRateLimit(next.endpoint, null);
          else if (next.kind === 'share') gate.setDispatchers({ alive: next.alive, place: next.alive - 1, aheadMs: 5 });
          else deliveries[next.kind]();
          await settle();
          expect(gate.inFlight()).toBeLessThanOrEqual(SLOTS);
          expect(gate.inFlight()).toBe(deliveries.holding());
          expect(seen.mostSending).toBeLessThanOrEqual(LIMIT);
        }
        for (let round = 0; round < 400 && seen.through + seen.turnedAway < seen.asked; round += 1) {
          deliveries.start();
          deliveries.answer(true, QUICK);
          deliveries.record();
          await settle();
        }
        expect(seen.through + seen.turnedAway).toBe(seen.asked);
        expect(gate.inFlight()).toBe(0);
        expect(gate.held()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
