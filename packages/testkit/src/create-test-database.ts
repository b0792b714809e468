import { randomBytes } from 'node:crypto';
import { TEMPLATE } from './prepare-template.ts';
import { runSql } from './run-sql.ts';
import { withDatabase } from './with-database.ts';

/** A database of a suite's own, migrated; it goes with the run's cluster. @returns its URL */
export async function createTestDatabase(): Promise<string> {
  const clusterUrl = process.env['TEST_DATABASE_URL'];
  if (!clusterUrl) throw new Error('No PostgreSQL for tests: run them with npm test');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runSql(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return withDatabase(clusterUrl, name);
}
