import { randomBytes } from 'node:crypto';
import { TEMPLATE } from './prepare-template.ts';
import { runSql } from './run-sql.ts';
import { withDatabase } from './with-database.ts';

/**
 * A database of a suite's own, migrated; it goes with its cluster.
 *
 * @param clusterUrl of a cluster that has the template; the run's own unless said
 * @returns its URL
 */
export async function createTestDatabase(clusterUrl = process.env['TEST_DATABASE_URL']): Promise<string> {
  if (!clusterUrl) throw new Error('No PostgreSQL for tests: run them with npm test');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runSql(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return withDatabase(clusterUrl, name);
}
