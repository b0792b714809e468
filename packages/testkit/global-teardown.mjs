import { removeDataDir } from '@posthorn/local-services/remove-data-dir';

export default async function tearDown() {
  const { postgres, redis, dataDir } = globalThis.posthornTestServices;
  await Promise.all([postgres.stop(), redis.stop()]);
  removeDataDir(dataDir);
}
