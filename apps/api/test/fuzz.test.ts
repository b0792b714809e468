import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FuzzSubject, makeFuzzSubject, ownLists } from './fuzz-subject.ts';
import { nonsense } from './generate-nonsense.ts';
import { exampleOf, type GeneratedRequest, requestsOf } from './generate-requests.ts';
import { createJudge, INSIDE } from './judge-answer.ts';
import { type DocumentedRoute, type OpenapiDocument, readDocument, routesOf } from './openapi-document.ts';
import { sendRaw } from './send-raw.ts';
import { type Client, openClient } from './send-request.ts';
import { startApi, type TestApi } from './start-api.ts';

/** Requests in all; each route that takes anything gets its share. */
const MIN_REQUESTS = 10_000;
const RUNS_OF_A_BARE_ROUTE = 20;
const ROUTES_AT_ONCE = 6;
/** On a machine that has other things to do; else it takes a tenth of this. */
const TEST_TIMEOUT_MS = 300_000;
/** The contract's: every answer comes within this. */
const ANSWER_LIMIT_MS = 10_000;
const CONNECTIONS = 400;
const CONNECTIONS_AT_ONCE = 80;
/** Silence after which a connection that awaits more of a request is left. */
const QUIET_MS = 1_500;
const MAX_SHOWN_CHARACTERS = 1_000;
const MAX_HEAP_GROWTH_BYTES = 96 * 1024 * 1024;

let api: TestApi;
let document: OpenapiDocument;
let other: FuzzSubject;
let client: Client;
beforeAll(async () => {
  api = await startApi();
  document = await readDocument(api);
  other = await makeFuzzSubject(api, 'canary');
  client = openClient(api.url, ANSWER_LIMIT_MS);
});
afterAll(async () => {
  client.close();
  await api.close();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Everything that the API shows of the other tenant. */
const othersState = () =>
  Promise.all(
    ownLists.map(async (name) => {
      const { text } = await api.request('GET', `/v1/${name}?limit=200`.replace(/(profiles|usage|ledger).*/, '$1'), {
        key: other.tenant.key,
      });
      return text.replace(/"oldest_due_ms":\d+/, '');
    }),
  );

const takesInput = ({ path, operation }: DocumentedRoute): boolean =>
  path.includes('{') || operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;

/** Runs the work of every item, so many at once. */
async function spread<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<void>) {
  const waiting = [...items];
  const take = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, take));
}

const describeFailure = (run: fc.RunDetails<GeneratedRequest[]>): string => {
  const text = JSON.stringify(run.counterexample).slice(0, MAX_SHOWN_CHARACTERS);
  return `${String(run.errorInstance).slice(0, MAX_SHOWN_CHARACTERS)} (seed ${run.seed}, path ${run.counterexamplePath}) ${text}`;
};

/** The key in the example of a sign-in is nobody's. */
const NEVER_TAKEN = ['signIn'];

test(
  'no request is answered with a 5xx, late, undocumented, or with anything of the inside or of another tenant',
  async () => {
    const judge = createJudge(document, {
      names: Object.values(other.own).filter((id) => id !== 'connection'),
      secrets: other.secrets,
    });
    const routes = routesOf(document);
    const busy = routes.filter(takesInput);
    const runs = Math.ceil((MIN_REQUESTS - (routes.length - busy.length) * RUNS_OF_A_BARE_ROUTE) / busy.length);
    const accepted = new Set<string>();
    const failures: string[] = [];
    let sent = 0;
    const [before, heapBefore] = [await othersState(), heapBytes()];
    await spread(routes, ROUTES_AT_ONCE, async (route) => {
      const { operation } = route;
      const material = { document, mine: await makeFuzzSubject(api, 'own'), other, adminKey: api.adminKey };
      const property = fc.asyncProperty(requestsOf(route, material), async (request) => {
        sent += 1;
        const answer = await client.send(request);
        if (answer.status < 300) accepted.add(operation.operationId);
        const faults = judge(operation, request, answer);
        if (faults.length > 0)
          throw new Error(`${operation.operationId}: ${faults.join('; ')}: ${answer.text.slice(0, 500)}`);
        if (answer.durationMs > ANSWER_LIMIT_MS)
          throw new Error(`${operation.operationId} took ${answer.durationMs} ms`);
      });
      const numRuns = takesInput(route) ? runs : RUNS_OF_A_BARE_ROUTE;
      // A failure names its seed; pass it here to see the same requests again.
      const run = await fc.check<GeneratedRequest[]>(property, { numRuns, examples: [[exampleOf(route, material)]] });
      if (run.failed) failures.push(describeFailure(run));
    });
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(MIN_REQUESTS);
    expect(routes.map(({ operation }) => operation.operationId).filter((id) => !accepted.has(id))).toEqual(NEVER_TAKEN);
    expect(await othersState()).toEqual(before);
    expect(heapBytes() - heapBefore).toBeLessThan(MAX_HEAP_GROWTH_BYTES);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);

/** Every answer on a connection, 100-continue left out. */
const answersOf = (received: string): string[] =>
  received.split(/(?=HTTP\/1\.1 \d{3} )/).filter((answer) => answer !== '' && !answer.startsWith('HTTP/1.1 100 '));

test('what is no request, half of one or several at once is answered in the API’s form or not at all', async () => {
  const statuses = new Set<string>();
  const batch = fc.array(nonsense, { minLength: CONNECTIONS_AT_ONCE, maxLength: CONNECTIONS_AT_ONCE });
  const property = fc.asyncProperty(batch, async (texts) => {
    const exchanges = await Promise.all(texts.map((text) => sendRaw(api.url, text, QUIET_MS)));
    for (const answer of exchanges.flatMap(({ received }) => answersOf(received))) {
      statuses.add(answer.slice(9, 12));
      expect(answer).toMatch(/^HTTP\/1\.1 [234]\d\d .+\r\n/);
      expect(answer).toMatch(/^X-Request-Id: \S+\r$/im);
      expect(answer).toMatch(/^Content-Security-Policy: default-src 'none'/im);
      expect(answer).not.toMatch(INSIDE);
    }
    expect((await api.request('GET', '/livez')).status).toBe(200);
  });
  await fc.assert(property, { numRuns: CONNECTIONS / CONNECTIONS_AT_ONCE });
  for (const status of ['200', '400', '401', '404', '431']) expect(statuses).toContain(status);
});
