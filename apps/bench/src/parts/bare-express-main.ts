// The yardstick for ingest: Express and zod alone, a route that parses and checks an event and answers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postEventBody } from '@posthorn/http-api/event';
import express from 'express';

const app = express();
app.disable('x-powered-by');
app.post('/v1/events', express.json({ limit: '256kb' }), (request, response) => {
  const { type } = postEventBody.parse(request.body);
  response.status(202).json({ type });
});
const server = createServer(app);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
