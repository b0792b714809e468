import { createServer, type Server } from 'node:http';
import type { Registry } from '@posthorn/runtime/create-metrics';
import { shareMetrics } from '@posthorn/runtime/share-metrics';
import { shareReadiness } from '@posthorn/runtime/share-readiness';

export interface HealthDeps {
  readonly port: number;
  readonly registry: Registry;
  /** Named probes; each rejects when its part cannot be reached. */
  readonly probes: Readonly<Record<string, () => Promise<void>>>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly content: string | Buffer;
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  content: JSON.stringify(body),
});

function answerWith({ registry, probes }: Omit<HealthDeps, 'port'>) {
  const readMetrics = shareMetrics(registry);
  const readReadiness = shareReadiness(probes);
  return async (path: string | undefined): Promise<Answer> => {
    if (path === '/livez') return json(200, { status: 'ok' });
    if (path === '/metrics') return { status: 200, ...(await readMetrics()) };
    if (path !== '/readyz') return json(404, { status: 'not found' });
    const readiness = await readReadiness();
    return json(readiness.status === 'ready' ? 200 : 503, readiness);
  };
}

/**
 * Serves `/livez`, `/readyz` and `/metrics`.
 *
 * @throws when the port is taken
 */
export async function serveHealth({ port, ...deps }: HealthDeps): Promise<Server> {
  const answer = answerWith(deps);
  const server = createServer((request, response) => {
    answer(request.url?.split('?')[0]).then(
      ({ status, type, content }) => response.writeHead(status, { 'Content-Type': type }).end(content),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}
