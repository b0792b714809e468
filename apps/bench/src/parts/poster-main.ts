// Posts single events over a number of kept connections for some seconds, and prints how many were answered with 202.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

const [url = '', key = '', seconds = '3', connections = '32'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const timesMs: number[] = [];
let index = 0;

function post(): Promise<void> {
  index += 1;
  const body = JSON.stringify({
    type: 'domain.verified',
    jobId: `bench-${index}`,
    data: { hostname: 'app.customer.example' },
  });
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode !== 202) return reject(new Error(`${url} answered ${response.statusCode}`));
        timesMs.push(performance.now() - startedAt);
        resolve();
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const startedAt = performance.now();
const endsAt = startedAt + Number(seconds) * 1_000;
await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    while (performance.now() < endsAt) await post();
  }),
);
const perSecond = timesMs.length / ((performance.now() - startedAt) / 1_000);
agent.destroy();
console.log(JSON.stringify({ per_s: perSecond, times_ms: timesMs }));
