// The dispatcher's sender, alone, posting the same body to the same receiver as fast as it can: behind the egress guard,
// and with agents that let everything through. Both in one process, slice by slice in turn, so that whatever else the
// machine does meets both alike.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';

const [given = '', slices = '20', sliceMs = '500', concurrency = '64'] = process.argv.slice(2);

/** By name, as deliveries go: the guard looks names up anew for the connections that it keeps. */
const url = given.replace('127.0.0.1', 'localhost');

type Send = (request: object) => Promise<{ result: { kind: string } }>;

/** The shapes of the dispatcher's build. It is measured as it is built, like every process here, and not imported by name. */
interface Build {
  sendThrough(parts: object): Send;
  createGuardedAgents(egress: object, options: object): object;
  createHostResolver(options: object): unknown;
}

const load = async (file: string): Promise<Build> =>
  (await import(new URL(`../../../dispatcher/dist/send/${file}.js`, import.meta.url).href)) as Build;
const [{ sendThrough }, { createGuardedAgents }, { createHostResolver }] = await Promise.all(
  ['send-through', 'create-guarded-agents', 'create-host-resolver'].map(load) as [
    Promise<Build>,
    Promise<Build>,
    Promise<Build>,
  ],
);

const now = (): number => performance.now();
const senderWith = (agents: (keepAlive: boolean) => object): Send =>
  sendThrough({ kept: agents(true), fresh: agents(false), interrupt: new AbortController().signal, now });

const allowed = new BlockList();
allowed.addSubnet('127.0.0.0', 8);
const egress = {
  rules: { allowHttp: true, allowed, own: () => new BlockList() },
  resolve: createHostResolver({ allowed, servers: [], now }),
  proxy: null,
};
const senders = {
  bare: senderWith((keepAlive) => ({ http: new HttpAgent({ keepAlive }), https: new HttpsAgent({ keepAlive }) })),
  guarded: senderWith((keepAlive) => createGuardedAgents(egress, { keepAlive, now })),
};

const body = JSON.stringify({ type: 'domain.verified', jobId: 'bench', data: { hostname: 'app.customer.example' } });
const request = { url, headers: { 'content-type': 'application/json' }, body, timeoutMs: 10_000 };

/** One slice. @returns requests per second, and the CPU time of one in µs */
async function post(send: Send): Promise<{ perSecond: number; cpuMicros: number }> {
  const startedAt = now();
  const cpuAtStart = process.cpuUsage();
  let requests = 0;
  const loop = async (): Promise<void> => {
    while (now() - startedAt < Number(sliceMs)) {
      const { result } = await send(request);
      if (result.kind !== 'answered') throw new Error(`The receiver did not answer: ${JSON.stringify(result)}`);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, loop));
  const { user, system } = process.cpuUsage(cpuAtStart);
  return { perSecond: (1_000 * requests) / (now() - startedAt), cpuMicros: (user + system) / requests };
}

await post(senders.bare);
await post(senders.guarded);
const pairs = [];
for (let slice = 0; slice < Number(slices); slice += 1) {
  const bareFirst = slice % 2 === 0;
  const first = await post(bareFirst ? senders.bare : senders.guarded);
  const second = await post(bareFirst ? senders.guarded : senders.bare);
  pairs.push(bareFirst ? { bare: first, guarded: second } : { bare: second, guarded: first });
}
console.log(JSON.stringify(pairs));
process.exit(0);
