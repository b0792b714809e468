// A receiver of webhooks that trusts only what is signed: SIGNING_SECRET=whsec_… node receiver.mjs
import { findProfile, verify } from '@posthorn/wire';
import express from 'express';

const { signature } = findProfile(process.env.PROFILE ?? 'connect-domain');
const secrets = process.env.SIGNING_SECRET?.split(',') ?? [];
if (secrets.length === 0) throw new Error('Set SIGNING_SECRET to the secret that the endpoint was made with');

const receive = (request, response) => {
  const body = request.body.toString('utf8');
  const now = Math.floor(Date.now() / 1000);
  const result = verify(signature, { headers: request.headers, body, secrets, now });
  if (!result.ok) return response.status(401).send(result.reason);
  console.log(`verified ${request.headers['x-posthorn-event']} ${JSON.parse(body).type}`);
  response.sendStatus(204);
};

express()
  .post('/webhooks', express.raw({ type: () => true, limit: '5mb' }), receive)
  .listen(Number(process.env.PORT ?? 4000), '127.0.0.1');
