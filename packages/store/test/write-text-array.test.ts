import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase } from '@posthorn/testkit/create-test-database';
import { sqltag as sql } from '@prisma/client/runtime/client';
import fc from 'fast-check';
import { askDriver } from '../src/ask-driver.ts';
import { writeTextArray } from '../src/engine/write-text-array.ts';
import { closeDatabase, type Database, openDatabase } from '../src/open-database.ts';

let database: Database;
beforeAll(async () => {
  database = openDatabase(await createTestDatabase(), 1);
});
afterAll(() => closeDatabase(database));

/** Everything that PostgreSQL stores, which is any text without U+0000. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', '\\', '{', '}', ',', 'NULL', '\n', '\t', '\u001f', '\u2028', '😀', ' '),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));

test('PostgreSQL reads any texts as they were, alone and in a transaction', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (texts) => {
      const ask = sql`SELECT t FROM unnest(${writeTextArray(texts)}::text[]) WITH ORDINALITY AS u(t, place) ORDER BY place`;
      const read = async (asked: Parameters<typeof askDriver>[0]) =>
        (await askDriver<{ t: string }>(asked, ask)).map(({ t }) => t);
      expect(await read(database)).toEqual(texts);
      expect(await database.$transaction(read)).toEqual(texts);
    }),
  );
});

test('Half of a surrogate pair is stored as the character that stands for what is none, as the driver does it', async () => {
  const texts = ['a\ud800b', '\udc00"'];
  const [row] = await askDriver<{ ours: string[]; drivers: string[] }>(
    database,
    sql`SELECT ${writeTextArray(texts)}::text[] AS ours, ${texts}::text[] AS drivers`,
  );
  expect(row?.ours).toEqual(['a\ufffdb', '\ufffd"']);
  expect(row?.ours).toEqual(row?.drivers);
});
