import { createServer, type Server } from 'node:http';
import type { Registry } from '@posthorn/runtime/create-metrics';

/** A probe that has not answered by then counts as failed. */
const PROBE_TIMEOUT_MS = 2_000;

export interface HealthDeps {
  readonly port: number;
  readonly registry: Registry;
  /** Named probes; each rejects when its part cannot be reached. */
  readonly probes: Readonly<Record<string, () => Promise<void>>>;
}

async function probe(check: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  });
  const answered = check().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

async function readiness(probes: HealthDeps['probes']): Promise<{ ready: boolean; checks: Record<string, string> }> {
  const results = await Promise.all(
    Object.entries(probes).map(async ([name, check]) => [name, await probe(check)] as const),
  );
  const checks = Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failed']));
  return { ready: results.every(([, ok]) => ok), checks };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  text: JSON.stringify(body),
});

async function answer(path: string | undefined, { registry, probes }: Omit<HealthDeps, 'port'>): Promise<Answer> {
  if (path === '/livez') return json(200, { status: 'ok' });
  if (path === '/metrics') return { status: 200, type: registry.contentType, text: await registry.metrics() };
  if (path !== '/readyz') return json(404, { status: 'not found' });
  const { ready, checks } = await readiness(probes);
  return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready', checks });
}

/**
 * Serves `/livez`, `/readyz` and `/metrics`.
 *
 * @throws when the port is taken
 */
export async function serveHealth({ port, registry, probes }: HealthDeps): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request.url?.split('?')[0], { registry, probes }).then(
      ({ status, type, text }) => response.writeHead(status, { 'Content-Type': type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}
