import { SEALED_KEY_ID } from '../create-secret-box.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { sealedColumns } from '../sealed-columns.ts';

/** Every sealed text as a row of `name` (its column) and `sealed`, with `e` (endpoint) in scope. */
export const sealedTexts = Prisma.raw(
  `(VALUES ${Object.keys(sealedColumns)
    .map((name) => `('${name}', e.${name})`)
    .join(', ')}) AS s(name, sealed)`,
);

/** The id of the key that a text is sealed with; of a long text that is stored apart, only its beginning is read. */
export const sealedKeyId = Prisma.sql`substr(s.sealed, ${SEALED_KEY_ID.from}::int, ${SEALED_KEY_ID.length}::int)`;

/** How many texts are sealed with which key, by its id; those of deleted endpoints too. */
export async function countSealed(database: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await database.$queryRaw<{ key: string; count: number }[]>`
    SELECT ${sealedKeyId} AS key, count(*)::int AS count
    FROM endpoints e CROSS JOIN LATERAL ${sealedTexts}
    WHERE s.sealed IS NOT NULL GROUP BY 1 ORDER BY 1`;
  return new Map(rows.map(({ key, count }) => [key, count]));
}
