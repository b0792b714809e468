import { encodeTypeId } from '@posthorn/domain/type-id';
import type { SecretBox } from '../create-secret-box.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from '../open-database.ts';
import { type SealedColumn, sealedColumns, sealedFor } from '../sealed-columns.ts';
import { sealedKeyId, sealedTexts } from './count-sealed.ts';

/** Texts in one statement. */
const BATCH_TEXTS = 200;
/** What changed while it was re-encrypted is looked at again; processes that go on sealing with an old key win. */
const MAX_PASSES = 10;

/** An endpoint's id and a column. */
interface Place {
  readonly id: string;
  readonly name: string;
}
const NOWHERE: Place = { id: '00000000-0000-0000-0000-000000000000', name: '' };

interface SealedText extends Place {
  readonly name: SealedColumn;
  readonly sealed: string;
}

interface Resealed extends SealedText {
  readonly fresh: string;
}

/** What came of it so far. */
export interface ResealProgress {
  readonly resealed: number;
  /** Texts that their own key does not open, as endpoint and column. */
  readonly unopened: readonly string[];
}

/** The next texts that another key than the first sealed, in the order of endpoint and column. */
const listOutdated = (database: Database, keyId: string, after: Place): Promise<SealedText[]> =>
  database.$queryRaw<SealedText[]>`
    SELECT e.id, s.name, s.sealed FROM endpoints e CROSS JOIN LATERAL ${sealedTexts}
    WHERE e.id >= ${after.id}::uuid AND (e.id, s.name) > (${after.id}::uuid, ${after.name})
      AND s.sealed IS NOT NULL AND ${sealedKeyId} <> ${keyId}
    ORDER BY e.id, s.name LIMIT ${BATCH_TEXTS}`;

/**
 * Puts fresh texts in the place of those that were read, where these still stand. Rows are locked in the order of
 * their ids, so that several who do this wait for each other instead of deadlocking.
 *
 * @returns how many were swapped
 */
function swap(database: Database, column: SealedColumn, texts: readonly Resealed[]): Promise<number> {
  const name = Prisma.raw(column);
  return database.$executeRaw`
    WITH wanted AS (
      SELECT * FROM unnest(
        ${texts.map(({ id }) => id)}::text[]::uuid[], ${texts.map(({ sealed }) => sealed)}::text[],
        ${texts.map(({ fresh }) => fresh)}::text[]
      ) AS t(id, sealed, fresh)
    ), locked AS MATERIALIZED (
      SELECT e.id FROM endpoints e JOIN wanted w ON w.id = e.id ORDER BY e.id FOR NO KEY UPDATE OF e
    )
    UPDATE endpoints e SET ${name} = w.fresh
    FROM wanted w JOIN locked l ON l.id = w.id WHERE e.id = w.id AND e.${name} = w.sealed`;
}

function reseal(box: SecretBox, text: SealedText): Resealed | null {
  const context = sealedFor(text.id, sealedColumns[text.name]);
  try {
    return { ...text, fresh: box.seal(box.open(text.sealed, context), context) };
  } catch {
    return null;
  }
}

interface Batch {
  readonly swapped: number;
  /** Texts that somebody changed since they were read. */
  readonly lost: number;
  readonly damaged: readonly SealedText[];
}

async function resealBatch(database: Database, box: SecretBox, texts: readonly SealedText[]): Promise<Batch> {
  const read = texts.map((text) => ({ text, fresh: reseal(box, text) }));
  const fresh = read.flatMap((each) => each.fresh ?? []);
  let swapped = 0;
  for (const column of Object.keys(sealedColumns) as SealedColumn[]) {
    const ofColumn = fresh.filter(({ name }) => name === column);
    if (ofColumn.length > 0) swapped += await swap(database, column, ofColumn);
  }
  const damaged = read.filter((each) => each.fresh === null).map(({ text }) => text);
  return { swapped, lost: fresh.length - swapped, damaged };
}

/**
 * Seals everything with the first configured key again that another one sealed. Whoever changes a secret meanwhile is
 * not overwritten; any number may do this at once; what was done stays done when it is broken off.
 *
 * @param onBatch hears of the progress after each batch
 */
export async function resealAll(
  database: Database,
  box: SecretBox,
  onBatch: (progress: ResealProgress) => void,
): Promise<ResealProgress> {
  const unopened = new Set<string>();
  let resealed = 0;
  const progress = (): ResealProgress => ({ resealed, unopened: [...unopened] });
  for (let pass = 0, lost = 1; pass < MAX_PASSES && lost > 0; pass += 1) {
    lost = 0;
    for (let after: Place = NOWHERE; ; ) {
      const texts = await listOutdated(database, box.keyIds[0], after);
      const last = texts.at(-1);
      if (!last) break;
      after = last;
      const batch = await resealBatch(database, box, texts);
      resealed += batch.swapped;
      lost += batch.lost;
      for (const { id, name } of batch.damaged) unopened.add(`${encodeTypeId('endpoint', id)} ${name}`);
      onBatch(progress());
    }
  }
  return progress();
}
