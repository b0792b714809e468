// What `npm run bench` runs: every figure, or those named as arguments. The last line of standard output is JSON.
import { cpus, totalmem } from 'node:os';
import { measureCost } from './figures/measure-cost.ts';
import { measureCpu } from './figures/measure-cpu.ts';
import { measureDeadEndpoint } from './figures/measure-dead-endpoint.ts';
import { measureDispatchers } from './figures/measure-dispatchers.ts';
import { measureDrain } from './figures/measure-drain.ts';
import { measureEgress } from './figures/measure-egress.ts';
import { measureEndToEnd } from './figures/measure-end-to-end.ts';
import { measureFanOut } from './figures/measure-fan-out.ts';
import { measureIndexDepth } from './figures/measure-index-depth.ts';
import { measureIngest } from './figures/measure-ingest.ts';
import { measureLatency } from './figures/measure-latency.ts';
import { measureLedger } from './figures/measure-ledger.ts';
import { measureList } from './figures/measure-list.ts';
import { measureNoisyNeighbour } from './figures/measure-noisy-neighbour.ts';
import { measureOrdering } from './figures/measure-ordering.ts';
import { measureRetryLateness } from './figures/measure-retry-lateness.ts';
import { measureWanted } from './figures/measure-wanted.ts';
import { clearBacklog } from './parts/clear-backlog.ts';
import { type System, startSystem } from './parts/system.ts';

const DRAIN_DELIVERIES = 10_000;
const DRAIN_ROUNDS = 3;
const END_TO_END_EVENTS = 10_000;
const END_TO_END_ROUNDS = 3;
const INGEST_SECONDS = 3;
const INGEST_ROUNDS = 3;
const FAN_OUT_ENDPOINTS = 1_000;
const FAN_OUT_ROUNDS = 10;
const FAILING_DELIVERIES = 20_000;
const FAILING_SECONDS = 10;
const CPU_DELIVERIES = 20_000;
const COST_DELIVERIES = 20_000;
const WANTED_DELIVERIES = 8_000;
const ORDERED_DELIVERIES = 10_000;
const ORDERING_ROUNDS = 3;
const DISPATCHER_ROUNDS = 2;
const EGRESS_SLICES = 20;
const LATENCY_SECONDS = 10;
const NEIGHBOUR_SECONDS = 10;
const RETRIED_DELIVERIES = 500;
const LIST_ROWS = [10_000, 1_000_000];
const INDEXED_ROWS = [10_000, 1_000_000];
const LEDGER_ROWS = [10_000, 1_000_000, 10_000_000];

const figures: Readonly<Record<string, (system: System) => Promise<Record<string, number>>>> = {
  drain: (system) => measureDrain(system, DRAIN_DELIVERIES, DRAIN_ROUNDS),
  end_to_end: (system) => measureEndToEnd(system, END_TO_END_EVENTS, END_TO_END_ROUNDS),
  ingest: (system) => measureIngest(system, INGEST_SECONDS, INGEST_ROUNDS),
  fan_out_ms: (system) => measureFanOut(system, FAN_OUT_ENDPOINTS, FAN_OUT_ROUNDS),
  egress: (system) => measureEgress(system, EGRESS_SLICES),
  latency_ms: (system) => measureLatency(system, LATENCY_SECONDS),
  noisy_neighbour: (system) => measureNoisyNeighbour(system, NEIGHBOUR_SECONDS),
  dead_endpoint: (system) => measureDeadEndpoint(system, FAILING_DELIVERIES, FAILING_SECONDS),
  retry_lateness_ms: (system) => measureRetryLateness(system, RETRIED_DELIVERIES),
  dispatchers: (system) => measureDispatchers(system, DRAIN_DELIVERIES, DISPATCHER_ROUNDS),
  list_ms: (system) => measureList(system, LIST_ROWS),
};

/** Those that take many minutes are measured when they are named, and only then. */
const onRequest: typeof figures = {
  cost: (system) => measureCost(system, COST_DELIVERIES),
  cpu_us: (system) => measureCpu(system, CPU_DELIVERIES),
  ordering: (system) => measureOrdering(system, ORDERED_DELIVERIES, ORDERING_ROUNDS),
  wanted: (system) => measureWanted(system, WANTED_DELIVERIES),
  index_depth: (system) => measureIndexDepth(system, INDEXED_ROWS),
  ledger_ms: (system) => measureLedger(system, LEDGER_ROWS),
};
const all = { ...figures, ...onRequest };

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in all));
  if (unknown.length > 0) throw new Error(`No figure ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`);
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(`Node ${process.version}, ${machine}; everything on this machine`);
  const system = await startSystem();
  const results: Record<string, Record<string, number>> = {};
  try {
    for (const name of names) {
      const figure = await all[name]?.(system);
      await clearBacklog(system);
      results[name] = figure ?? {};
      console.log(name);
      console.table(figure);
    }
  } finally {
    await system.stop();
  }
  const { drain = {}, ...rest } = results;
  const { rss_mb: rss, ...throughput } = drain;
  console.log(JSON.stringify({ ...throughput, ...rest, ...(rss === undefined ? {} : { rss_mb: rss }) }));
}

run(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(figures)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
