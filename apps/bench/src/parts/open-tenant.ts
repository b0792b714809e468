import pg from 'pg';
import type { System } from './system.ts';

/** A tenant with one endpoint and one event, and a way to its rows. */
export interface OpenTenant {
  readonly id: string;
  readonly key: string;
  readonly endpointId: string;
  readonly client: pg.Client;
}

/** Makes a tenant to fill with rows; its client must be ended. */
export async function openTenant(system: System): Promise<OpenTenant> {
  const key = await system.tenant();
  const { id: endpointId } = await system.post<{ id: string }>('/v1/webhook-endpoints', key, {
    url: `${system.receiver.url}/ok`,
    events: [],
  });
  await system.post('/v1/events', key, { type: 'domain.verified', jobId: 'list', data: { hostname: 'a.example' } });
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('SELECT id FROM tenants ORDER BY id DESC LIMIT 1');
  return { id: rows[0]?.id ?? '', key, endpointId, client };
}
