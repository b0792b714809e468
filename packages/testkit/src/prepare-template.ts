import { runMigrations } from './run-migrations.ts';
import { runSql } from './run-sql.ts';
import { withDatabase } from './with-database.ts';

/** The migrated database that every suite's own is copied from. */
export const TEMPLATE = 'posthorn_template';

/** Makes the template in a new cluster. */
export async function prepareTemplate(clusterUrl: string): Promise<void> {
  await runSql(clusterUrl, `CREATE DATABASE ${TEMPLATE}`);
  await runMigrations(withDatabase(clusterUrl, TEMPLATE));
}
