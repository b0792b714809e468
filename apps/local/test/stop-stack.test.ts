import { expect, test } from '@jest/globals';
import { createStopStack } from '../src/stop-stack.ts';

test('what was started last is stopped first', async () => {
  const stopped: string[] = [];
  const stack = createStopStack(() => undefined);
  for (const name of ['PostgreSQL', 'Redis', 'API']) stack.push({ name, stop: async () => void stopped.push(name) });
  expect(await stack.stopAll()).toBe(true);
  expect(stopped).toEqual(['API', 'Redis', 'PostgreSQL']);
});

test('one that will not stop is said, and the others are stopped all the same', async () => {
  const lines: string[] = [];
  const stopped: string[] = [];
  const stack = createStopStack((line) => lines.push(line));
  stack.push({ name: 'PostgreSQL', stop: async () => void stopped.push('PostgreSQL') });
  stack.push({ name: 'Redis', stop: () => Promise.reject(new Error('it did not end')) });
  expect(await stack.stopAll()).toBe(false);
  expect(lines).toEqual(['Redis: it did not end']);
  expect(stopped).toEqual(['PostgreSQL']);
});

test('killing reaches the part that is being stopped, and all that wait behind it', () => {
  const ended: string[] = [];
  const stack = createStopStack(() => undefined);
  stack.push({ name: 'PostgreSQL', stop: async () => void ended.push('PostgreSQL') });
  stack.push({ name: 'API', stop: () => new Promise(() => undefined), kill: () => void ended.push('API') });
  void stack.stopAll();
  stack.killAll();
  expect(ended).toEqual(['API', 'PostgreSQL']);
});
