import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { arrange } from '@posthorn/testkit/arrange';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { runMigrations } from '@posthorn/testkit/run-migrations';
import { runSql } from '@posthorn/testkit/run-sql';
import { withDatabase } from '@posthorn/testkit/with-database';
import { openSchemaEngine } from '../src/migrate/open-schema-engine.ts';
import { prismaFolder } from '../src/migrate/read-migrations.ts';

/** Tables, columns, types, defaults, keys and plain indexes: all that the schema language can say. */
const DESCRIBE = `
  SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ||
         CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relname <> '_prisma_migrations'
  UNION ALL
  SELECT pg_get_constraintdef(t.oid) || ' on ' || conrelid::regclass
  FROM pg_constraint t JOIN pg_class c ON c.oid = conrelid AND NOT c.relispartition
  WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f', 'u') AND conrelid::regclass::text <> '_prisma_migrations'
  UNION ALL
  SELECT replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes JOIN pg_class c ON c.oid = tablename::regclass AND NOT c.relispartition
  WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' AND indexdef !~ ' (WHERE|INCLUDE) '
  ORDER BY 1`;

/**
 * Declared for Prisma, and held otherwise: to take a partition off must not mean to look through all that may refer to it.
 * An attempt's is between the two tables of its partition; a delivery's event is written by the same statement, and stays
 * for as long as there is a delivery of it (retention.test.ts); its endpoint is asked for once for all of a
 * statement, and stays (fence.test.ts).
 */
const HELD_OTHERWISE = [
  'FOREIGN KEY (delivery_id) REFERENCES deliveries(id) ON UPDATE CASCADE ON DELETE RESTRICT on attempts',
  'FOREIGN KEY (tenant_id, endpoint_id) REFERENCES endpoints(tenant_id, id) ON UPDATE CASCADE ON DELETE RESTRICT on deliveries',
  'FOREIGN KEY (tenant_id, event_id) REFERENCES events(tenant_id, id) ON UPDATE CASCADE ON DELETE RESTRICT on deliveries',
];

const describeDatabase = async (url: string): Promise<string[]> =>
  (await runSql<{ line: string }>(url, DESCRIBE)).map(({ line }) => line);

test('The migrations make exactly the tables, columns, keys and indexes that schema.prisma declares', async () => {
  const migrated = await createTestDatabase();
  const declared = withDatabase(migrated, `declared_${Date.now()}`);
  await runSql(migrated, `CREATE DATABASE ${new URL(declared).pathname.slice(1)}`);
  const { engine, close } = await openSchemaEngine(declared);
  const content = await readFile(join(prismaFolder, 'schema.prisma'), 'utf8');
  const { stdout } = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }], configDir: prismaFolder },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  } as Parameters<typeof engine.diff>[0]);
  await close();
  await runSql(declared, stdout ?? '');
  const lines = await describeDatabase(declared);
  expect(lines).toEqual(expect.arrayContaining(HELD_OTHERWISE));
  expect(await describeDatabase(migrated)).toEqual(lines.filter((line) => !HELD_OTHERWISE.includes(line)));
});

test.each([
  'DELETE FROM endpoints',
  'UPDATE endpoints SET id = gen_random_uuid()',
  'UPDATE endpoints SET tenant_id = gen_random_uuid()',
])('What deliveries refer to stays: %s is refused', async (statement) => {
  const arranged = arrange(await createTestDatabase());
  const id = await arranged.endpoint(await arranged.tenant(), 'https://kept.example');
  await expect(arranged.database.$executeRawUnsafe(statement)).rejects.toThrow('an endpoint stays');
  expect(await arranged.database.endpoint.count({ where: { id } })).toBe(1);
  await arranged.close();
});

test('Migrating again changes nothing, and several at once take turns', async () => {
  const base = await createTestDatabase();
  const url = withDatabase(base, `fresh_${Date.now()}`);
  await runSql(base, `CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
  const printed = await Promise.all([runMigrations(url), runMigrations(url), runMigrations(url)]);
  expect(printed.sort()).toEqual([
    'Applied 20261121000000_init',
    'The database is up to date',
    'The database is up to date',
  ]);
});
