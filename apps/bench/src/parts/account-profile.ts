/** A V8 CPU profile, as `--cpu-prof` writes it. Times are in µs. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** The steps of a delivery, by where their code stands; the first that fits counts. */
const steps: readonly { readonly step: string; readonly pattern: RegExp }[] = [
  {
    step: 'queue',
    pattern:
      /node_modules\/(bullmq|ioredis|@ioredis|redis-parser|redis-errors|msgpackr|cluster-key-slot)\/|packages\/queue\//,
  },
  { step: 'sql', pattern: /node_modules\/(@prisma|prisma|pg|pg-[a-z]+|postgres-[a-z]+)\/|packages\/store\// },
  {
    step: 'log',
    pattern:
      /node_modules\/(winston|winston-transport|logform|triple-beam|safe-stable-stringify|readable-stream|fast-safe-stringify)\/|packages\/runtime\/.*log/,
  },
  { step: 'metrics', pattern: /node_modules\/(prom-client|tdigest|bintrees)\/|dispatcher-metrics/ },
  { step: 'mask', pattern: /attempt\/(mask-echoes|show-response)/ },
  { step: 'sign', pattern: /packages\/wire\/|attempt\/(build-request|open-endpoint)/ },
  {
    step: 'guard',
    pattern:
      /send\/(create-guarded-agents|open-guarded|keep-connections|create-host-resolver|create-identity-agents)|packages\/domain\/.*egress/,
  },
  {
    step: 'got',
    pattern:
      /node_modules\/(got|@sindresorhus|cacheable-request|cacheable-lookup|http2-wrapper|decompress-response|keyv|lowercase-keys|responselike|form-data-encoder|get-stream|p-cancelable|type-fest|@szmarczak)\//,
  },
  { step: 'send', pattern: /apps\/dispatcher\/.*\/send\// },
  { step: 'decide', pattern: /apps\/dispatcher\/|packages\/(domain|runtime)\// },
];

const OWN = new Map([
  ['(idle)', 'idle'],
  ['(garbage collector)', 'gc'],
  ['(program)', 'native'],
]);

/** Node's own code counts for whoever called it; what nobody called, such as the parsing of answers, for Node. */
function stepOf({ functionName, url }: ProfileNode['callFrame'], ofCaller: string): string {
  const own = OWN.get(functionName);
  if (own !== undefined) return own;
  return steps.find(({ pattern }) => pattern.test(url))?.step ?? ofCaller;
}

/** @returns µs of each step; `idle` is left out */
export function accountProfile({ nodes, samples, timeDeltas }: CpuProfile): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stepById = new Map<number, string>();
  const visit = (id: number, ofCaller: string): void => {
    const node = byId.get(id);
    if (!node) return;
    const step = stepOf(node.callFrame, ofCaller);
    stepById.set(id, step);
    for (const child of node.children ?? []) visit(child, step);
  };
  if (nodes[0]) visit(nodes[0].id, 'node');
  const sums = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const step = stepById.get(id) ?? 'node';
    if (step !== 'idle') sums.set(step, (sums.get(step) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return sums;
}
