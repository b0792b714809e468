import { runSql } from './run-sql.ts';

/** Every row of every table as text; bytes as hexadecimal digits. */
export async function dumpDatabase(url: string): Promise<string> {
  const tables = await runSql<{ name: string }>(
    url,
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const query = tables.map(({ name }) => `SELECT row_to_json(t)::text AS line FROM ${name} t`).join(' UNION ALL ');
  const rows = await runSql<{ line: string }>(url, query);
  return rows.map(({ line }) => line).join('\n');
}
