// The yardstick: got, alone, posting the same body to the same receiver as fast as it can.
import { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import { got } from 'got';

const [url = '', seconds = '3', concurrency = '64'] = process.argv.slice(2);
const body = JSON.stringify({
  type: 'domain.verified',
  jobId: 'bench',
  data: { hostname: 'app.customer.example' },
  sent_at: new Date().toISOString(),
});
const client = got.extend({
  headers: { 'content-type': 'application/json' },
  agent: { http: new Agent({ keepAlive: true }) },
  retry: { limit: 0 },
});
/** Until its code is compiled; the product is measured warm, too. */
const WARM_UP_MS = 1_500;
const startedAt = performance.now() + WARM_UP_MS;
const endsAt = startedAt + Number(seconds) * 1_000;
let requests = 0;

async function loop(): Promise<void> {
  while (performance.now() < endsAt) {
    await client.post(url, { body });
    if (performance.now() > startedAt) requests += 1;
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, loop));
console.log(JSON.stringify({ per_s: requests / ((performance.now() - startedAt) / 1_000) }));
