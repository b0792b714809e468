import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeTypeId } from '@posthorn/domain/type-id';
import { eventually } from '@posthorn/testkit/eventually';
import { runSql } from '@posthorn/testkit/run-sql';
import { startApi, type TestApi } from './start-api.ts';

/** Their answers are shorter than the 16 KB after which Node reads no further. */
const BATCHES = 4;
const BATCH_BYTES = 4_000_000;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const events = Array.from({ length: 20 }, () => ({
  type: 'domain.verified',
  jobId: 'job-1',
  data: { hostname: 'app.customer.example', more: 'x'.repeat(BATCH_BYTES / 20) },
}));

test('A body goes once its request has been worked on, although its answer waits behind a stream on the same connection', async () => {
  const { id, key } = await api.tenant();
  const stored = async (): Promise<number> => {
    const sql = 'SELECT count(*)::int AS events FROM events WHERE tenant_id = $1::uuid';
    const [row] = await runSql<{ events: number }>(api.databaseUrl, sql, [decodeTypeId('tenant', id)]);
    return row?.events ?? -1;
  };
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  let answers = '';
  socket.on('data', (piece) => (answers += piece.toString()));
  await once(socket, 'connect');
  const head = `Host: x\r\nAuthorization: Bearer ${key}\r\n`;
  socket.write(`GET /v1/stream HTTP/1.1\r\n${head}\r\n`);
  await eventually(() => answers.includes('text/event-stream'));

  const body = Buffer.from(JSON.stringify({ events }));
  const post = `POST /v1/events/batch HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const sendBatch = async (number: number): Promise<void> => {
    socket.write(post);
    socket.write(body);
    await eventually(async () => expect(await stored()).toBe(number * events.length));
  };
  // The first warms up whatever stays.
  await sendBatch(1);
  const before = heldBytes();
  for (let number = 2; number <= BATCHES; number += 1) await sendBatch(number);
  await eventually(() => expect(heldBytes() - before).toBeLessThan(BATCH_BYTES));
  expect(answers).not.toContain(' 202 ');
  socket.destroy();
});
