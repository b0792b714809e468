import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import express from 'express';
import { classesFor } from '../src/http/classes-for.ts';
import { createApiServer, serverLimits } from '../src/http/create-api-server.ts';

const quiet = (): undefined => undefined;
const log = { error: quiet, warn: quiet, info: quiet, debug: quiet };

test('Requests and answers have the prototypes of their app before Express sees them, and all that Express gives them', async () => {
  const app = express();
  app.get('/:name', (request, response) => {
    response.status(200).json([request.params.name, request.hostname, request.app === app, response.app === app]);
  });
  const server = createApiServer(app, log, serverLimits, classesFor(app));
  const before: boolean[] = [];
  server.prependListener('request', (request, response) => {
    before.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/someone`);
    expect(await answer.json()).toEqual(['someone', '127.0.0.1', true, true]);
    expect(before).toEqual([true, true]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
