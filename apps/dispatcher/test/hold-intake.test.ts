import { expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import { createIntake } from '../src/hold-intake.ts';

const start = () => {
  const calls: string[] = [];
  let now = 0;
  const database = { away: true, probes: 0 };
  const note = (what: string) => {
    calls.push(what);
    return Promise.resolve();
  };
  const intake = createIntake({
    pause: () => note('pause'),
    resume: () => note('resume'),
    probe() {
      database.probes += 1;
      return database.away ? Promise.reject(new Error('away')) : Promise.resolve();
    },
    onChange: () => undefined,
    onError: (error) => void calls.push(String(error)),
    now: () => now,
  });
  return { intake, calls, database, pass: (ms: number) => (now += ms) };
};

test('It is held once, however many jobs meet the absent database, and resumed when it is back', async () => {
  const { intake, calls, database } = start();
  for (let job = 0; job < 5; job += 1) intake.hold();
  await eventually(() => expect(database.probes).toBeGreaterThanOrEqual(2));
  expect(calls).toEqual(['pause']);
  database.away = false;
  await eventually(() => expect(calls).toEqual(['pause', 'resume']));
  expect(intake.isHeld()).toBe(false);
});

test('A database that answers the probe and refuses the jobs is met ever more rarely', async () => {
  const { intake, calls, database } = start();
  database.away = false;
  const startedAt = performance.now();
  for (let round = 1; round <= 3; round += 1) {
    intake.hold();
    await eventually(() => expect(calls.filter((call) => call === 'resume')).toHaveLength(round));
  }
  // 250, 500 and 1,000 ms.
  expect(performance.now() - startedAt).toBeGreaterThan(1_700);
});

test('Stopped while it is held, it resumes nothing, and holds nothing any more', async () => {
  const { intake, calls, database } = start();
  intake.hold();
  intake.stop();
  database.away = false;
  // Longer than until the next probe: what must not happen has had its time.
  await new Promise((resolve) => setTimeout(resolve, 400));
  intake.hold();
  expect(calls).toEqual(['pause']);
});
