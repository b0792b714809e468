import { migrate } from '@posthorn/store/migrate/migrate';
import { withDatabase } from './with-database.ts';
import { runSql } from './run-sql.ts';

/** The migrated database that every suite's own is copied from. */
export const TEMPLATE = 'posthorn_template';

/** Makes the template in a new cluster. */
export async function prepareTemplate(clusterUrl: string): Promise<void> {
  await runSql(clusterUrl, `CREATE DATABASE ${TEMPLATE}`);
  await migrate(withDatabase(clusterUrl, TEMPLATE));
}
