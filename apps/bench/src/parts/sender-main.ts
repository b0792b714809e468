// The dispatcher's sender, alone, posting the same body to the same receiver as fast as it can: behind the egress guard,
// or with agents that let everything through.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';

const [mode = 'guarded', url = '', seconds = '3', concurrency = '64'] = process.argv.slice(2);

const WARM_UP_MS = 500;

/** The shapes of the dispatcher's build. It is measured as it is built, like every process here, and not imported by name. */
interface Build {
  sendThrough(parts: object): (request: object) => Promise<{ result: { kind: string } }>;
  createGuardedAgents(egress: object, options: object): object;
  createHostResolver(options: object): unknown;
}

const load = async (file: string): Promise<Build> =>
  (await import(new URL(`../../../dispatcher/dist/send/${file}.js`, import.meta.url).href)) as Build;

const now = (): number => performance.now();

async function agents(keepAlive: boolean): Promise<object> {
  if (mode === 'bare') return { http: new HttpAgent({ keepAlive }), https: new HttpsAgent({ keepAlive }) };
  const [{ createGuardedAgents }, { createHostResolver }] = await Promise.all([
    load('create-guarded-agents'),
    load('create-host-resolver'),
  ]);
  const allowed = new BlockList();
  allowed.addSubnet('127.0.0.0', 8);
  const rules = { allowed, own: () => new BlockList() };
  const resolve = createHostResolver({ allowed, servers: [], now });
  return createGuardedAgents({ rules, resolve, proxy: null }, { keepAlive, now });
}

const { sendThrough } = await load('send-through');
const interrupt = new AbortController().signal;
const send = sendThrough({ kept: await agents(true), fresh: await agents(false), interrupt, now });
const body = JSON.stringify({ type: 'domain.verified', jobId: 'bench', data: { hostname: 'app.customer.example' } });
const request = { url, headers: { 'content-type': 'application/json' }, body, timeoutMs: 10_000 };

/** Requests that were answered until then. */
async function postUntil(endsAt: number): Promise<number> {
  let requests = 0;
  const loop = async (): Promise<void> => {
    while (now() < endsAt) {
      const { result } = await send(request);
      if (result.kind !== 'answered') throw new Error(`The receiver did not answer: ${JSON.stringify(result)}`);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, loop));
  return requests;
}

await postUntil(now() + WARM_UP_MS);
const startedAt = now();
const cpuAtStart = process.cpuUsage();
const requests = await postUntil(startedAt + Number(seconds) * 1_000);
const { user, system } = process.cpuUsage(cpuAtStart);
console.log(JSON.stringify({ per_s: requests / ((now() - startedAt) / 1_000), cpu_us: (user + system) / requests }));
