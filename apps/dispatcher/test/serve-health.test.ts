import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createMetrics, Gauge } from '@posthorn/runtime/create-metrics';
import { eventually } from '@posthorn/testkit/eventually';
import { serveHealth } from '../src/http/serve-health.ts';

const CROWD = 200;
const METRICS_REST_MS = 100;

let asked: { probes: number; renderings: number };
let reached: Promise<void>;
let server: Awaited<ReturnType<typeof serveHealth>>;
beforeAll(async () => {
  const registry = createMetrics('test');
  new Gauge({
    name: 'renderings',
    help: 'How often this was rendered',
    registers: [registry],
    collect() {
      asked.renderings += 1;
      this.set(asked.renderings);
    },
  });
  const probe = () => {
    asked.probes += 1;
    return reached;
  };
  server = await serveHealth({ port: 0, registry, probes: { database: probe } });
});
beforeEach(() => {
  asked = { probes: 0, renderings: 0 };
  reached = Promise.resolve();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

/** @returns what they were answered, and how long it took in ms */
async function crowd(path: string): Promise<{ answers: Set<string>; ms: number }> {
  const startedAt = performance.now();
  const answers = await Promise.all(
    Array.from({ length: CROWD }, async () => {
      const response = await fetch(urlOf(path));
      return `${response.status} ${await response.text()}`;
    }),
  );
  return { answers: new Set(answers), ms: performance.now() - startedAt };
}

test('However many ask at once whether it is ready, one probe is under way for all', async () => {
  let reach = (): void => undefined;
  reached = new Promise((resolve) => {
    reach = resolve;
  });
  let arrived = 0;
  const arrive = () => void (arrived += 1);
  server.on('request', arrive);
  const answered = crowd('/readyz');
  await eventually(() => expect(arrived).toBe(CROWD));
  server.off('request', arrive);
  reach();
  expect([...(await answered).answers]).toEqual(['200 {"status":"ready","checks":{"database":"ok"}}']);
  expect(asked.probes).toBe(1);
});

test('Who asks after an answer has everything probed again', async () => {
  for (let index = 1; index <= 3; index += 1) {
    await fetch(urlOf('/readyz'));
    expect(asked.probes).toBe(index);
  }
});

test('However many ask for metrics, they are rendered ten times a second at the most', async () => {
  const { answers, ms } = await crowd('/metrics');
  expect([...answers].every((answer) => answer.startsWith('200 '))).toBe(true);
  expect(asked.renderings).toBeLessThanOrEqual(1 + ms / METRICS_REST_MS);
});
