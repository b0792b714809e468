// What `npm run bench` runs: every figure, or those named as arguments, `--runs` times. The last line of standard output is JSON.
import { cpus, totalmem } from 'node:os';
import { combineRuns, nameValues } from './combine-runs.ts';
import type { Figure, Numbers, Results } from './figure.ts';
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
import { measureRedis } from './figures/measure-redis.ts';
import { measureRetryLateness } from './figures/measure-retry-lateness.ts';
import { measureStats } from './figures/measure-stats.ts';
import { measureWanted } from './figures/measure-wanted.ts';
import { judgeGoals, tableOf } from './goals.ts';
import { parseOptions } from './parse-options.ts';
import { clearBacklog } from './parts/clear-backlog.ts';
import { createDraw } from './parts/create-draw.ts';
import { readVersions } from './parts/read-versions.ts';
import { startSystem } from './parts/system.ts';
import { tableNumbers } from './table-numbers.ts';

const DRAIN_DELIVERIES = 10_000;
const DRAIN_ROUNDS = 3;
const LONG_DRAIN_DELIVERIES = 100_000;
const END_TO_END_EVENTS = 10_000;
const END_TO_END_ROUNDS = 3;
const INGEST_SECONDS = 3;
const INGEST_ROUNDS = 3;
const FAN_OUT_ENDPOINTS = 1_000;
const FAN_OUT_ROUNDS = 10;
const FAILING_DELIVERIES = 20_000;
const FAILING_SECONDS = 8;
const FAILING_ROUNDS = 3;
const CPU_DELIVERIES = 20_000;
const CPU_ROUNDS = 3;
const COST_DELIVERIES = 20_000;
const COST_ROUNDS = 3;
const WANTED_DELIVERIES = 8_000;
const ORDERED_DELIVERIES = 10_000;
const ORDERING_ROUNDS = 3;
const DISPATCHER_ROUNDS = 5;
const EGRESS_SLICES = 20;
const LATENCY_SECONDS = 8;
const LATENCY_ROUNDS = 3;
const NEIGHBOUR_SECONDS = 8;
const NEIGHBOUR_ROUNDS = 3;
const RETRIED_DELIVERIES = 500;
const RETRIED_ROUNDS = 3;
const LIST_ROWS = [10_000, 1_000_000];
const LIST_ROUNDS = 5;
const INDEXED_ROWS = [10_000, 1_000_000];
const STATS_ROWS = [10_000, 1_000_000];
const LEDGER_ROWS = [10_000, 1_000_000, 10_000_000];
const LEDGER_ROUNDS = 3;
const REDIS_DELIVERIES = 1_000_000;
/** Where no seed is given, one of so many is taken. */
const SEEDS = 1_000_000;

const figures: Readonly<Record<string, Figure>> = {
  drain: (system) => measureDrain(system, DRAIN_DELIVERIES, DRAIN_ROUNDS, LONG_DRAIN_DELIVERIES),
  end_to_end: (system) => measureEndToEnd(system, END_TO_END_EVENTS, END_TO_END_ROUNDS),
  ingest: (system) => measureIngest(system, INGEST_SECONDS, INGEST_ROUNDS),
  fan_out_ms: (system) => measureFanOut(system, FAN_OUT_ENDPOINTS, FAN_OUT_ROUNDS),
  egress: (system) => measureEgress(system, EGRESS_SLICES),
  latency_ms: (system) => measureLatency(system, LATENCY_SECONDS, LATENCY_ROUNDS),
  noisy_neighbour: (system, draw) => measureNoisyNeighbour(system, draw, NEIGHBOUR_SECONDS, NEIGHBOUR_ROUNDS),
  dead_endpoint: (system) => measureDeadEndpoint(system, FAILING_DELIVERIES, FAILING_SECONDS, FAILING_ROUNDS),
  retry_lateness_ms: (system) => measureRetryLateness(system, RETRIED_DELIVERIES, RETRIED_ROUNDS),
  dispatchers: (system, draw) => measureDispatchers(system, draw, DRAIN_DELIVERIES, DISPATCHER_ROUNDS),
  list_ms: (system, draw) => measureList(system, draw, LIST_ROWS, LIST_ROUNDS),
};

/** Those that take many minutes are measured when they are named, and only then. */
const onRequest: typeof figures = {
  cost: (system) => measureCost(system, COST_DELIVERIES, COST_ROUNDS),
  cpu_us: (system) => measureCpu(system, CPU_DELIVERIES, CPU_ROUNDS),
  ordering: (system) => measureOrdering(system, ORDERED_DELIVERIES, ORDERING_ROUNDS),
  wanted: (system) => measureWanted(system, WANTED_DELIVERIES),
  index_depth: (system) => measureIndexDepth(system, INDEXED_ROWS),
  ledger_ms: (system, draw) => measureLedger(system, draw, LEDGER_ROWS, LEDGER_ROUNDS),
  redis_mb: (system) => measureRedis(system, REDIS_DELIVERIES),
  stats_ms: (system) => measureStats(system, STATS_ROWS),
};
const all = { ...figures, ...onRequest };

/** A run has servers of its own, so that none meets what one before it left. */
async function measure(names: readonly string[], seed: number) {
  const system = await startSystem();
  const draw = createDraw(seed);
  const results: Record<string, Numbers> = {};
  try {
    const versions = await readVersions(system);
    console.log(Object.entries(versions).flat().join(' '), `seed ${seed}`);
    for (const name of names) {
      const numbers = (await all[name]?.(system, draw)) ?? {};
      await clearBacklog(system);
      results[name] = numbers;
      console.log(name);
      console.table(tableNumbers(numbers));
    }
    return { versions, results };
  } finally {
    await system.stop();
  }
}

async function run(args: readonly string[]): Promise<void> {
  const choice = { all: Object.keys(all), usual: Object.keys(figures), seed: Date.now() % SEEDS };
  const { names, runs, seed } = parseOptions(args, choice);
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(`${machine}; everything on this machine; --seed ${seed} --runs ${runs}`);
  const measured: Results[] = [];
  let versions = {};
  for (let index = 0; index < runs; index += 1) {
    const one = await measure(names, seed + index);
    measured.push(one.results);
    versions = one.versions;
  }
  const verdicts = judgeGoals(measured);
  console.log(`goals, in ${runs === 1 ? 'one run' : `${runs} runs`}`);
  console.table(tableOf(verdicts));
  const several = runs === 1 ? {} : { runs: measured.map(nameValues) };
  console.log(JSON.stringify({ ...nameValues(combineRuns(measured)), goals: verdicts, versions, seed, ...several }));
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
