// Starts one PostgreSQL and one real Redis for the whole run; suites make their own databases in them.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideRedis } from '@posthorn/local-services/provide-redis';
import { startPostgres } from '@posthorn/local-services/start-postgres';
import { commandRedis } from '@posthorn/testkit/command-redis';
import { prepareTemplate } from '@posthorn/testkit/prepare-template';

const root = fileURLToPath(new URL('../../', import.meta.url));

export default async function setUp() {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-test-'));
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir, durable: false }),
    // What was unpacked once is kept between runs.
    provideRedis({ dataDir: join(root, '.posthorn', 'test'), require: 'real' }),
  ]);
  // Suites that run at once share it, so nobody may empty all of it.
  await commandRedis(redis.url, 'ACL', 'SETUSER', 'default', '-flushall');
  await prepareTemplate(postgres.url);
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_REDIS_URL = redis.url;
  process.env.TEST_REDIS_CACHE = join(root, '.posthorn', 'test', 'redis-unpacked');
  globalThis.posthornTestServices = { postgres, redis, dataDir };
}
