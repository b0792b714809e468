import { rmSync } from 'node:fs';

export default async function tearDown() {
  const { postgres, redis, dataDir } = globalThis.posthornTestServices;
  await Promise.all([postgres.stop(), redis.stop()]);
  rmSync(dataDir, { recursive: true, force: true });
}
