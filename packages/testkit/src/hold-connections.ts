import pg from 'pg';

/** Opens up to `count` connections to PostgreSQL and keeps them. @returns lets them go */
export async function holdConnections(url: string, count: number): Promise<() => Promise<void>> {
  const clients = Array.from({ length: count }, () => {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    return client;
  });
  await Promise.allSettled(clients.map((client) => client.connect()));
  return async () => {
    await Promise.allSettled(clients.map((client) => client.end()));
  };
}
