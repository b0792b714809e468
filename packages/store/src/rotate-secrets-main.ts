// What `npm run secrets:rotate` runs: everything that is sealed with an older key of SECRETS_KEY is sealed with the first.
import { parseSecretsKeys } from '@posthorn/domain/secrets/parse-secrets-keys';
import { createSecretBox } from './create-secret-box.ts';
import { openDatabase } from './open-database.ts';
import { checkSecretsKeys, MissingSecretsKeyError } from './operator/check-secrets-keys.ts';
import { countSealed } from './operator/count-sealed.ts';
import { resealAll } from './operator/reseal-all.ts';

const CONNECTIONS = 2;
/** A line of progress is printed this often at the most. */
const PRINT_EVERY_MS = 1_000;

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

const databaseUrl = process.env['DATABASE_URL'] ?? '';
if (databaseUrl === '') stop('DATABASE_URL is not set: name the database whose secrets are to be re-encrypted');
const keys = parseSecretsKeys(process.env['SECRETS_KEY'] ?? '');
if (!keys)
  stop('SECRETS_KEY must be 32 bytes in base64, the new key first and the old ones after it, with commas between');

const database = openDatabase(databaseUrl, CONNECTIONS);
const box = createSecretBox(keys);
const [first] = box.keyIds;
const describe = (counted: ReadonlyMap<string, number>): string =>
  [...counted].map(([key, count]) => `${count} with ${key}`).join(', ') || 'nothing';

try {
  const fault = await checkSecretsKeys(database, box);
  if (fault !== null) throw new Error(fault);
  console.log(`The first key is ${first}. Sealed so far: ${describe(await countSealed(database))}`);
  let printedAt = Date.now();
  const { resealed, unopened } = await resealAll(database, box, (progress) => {
    if (Date.now() - printedAt < PRINT_EVERY_MS) return;
    printedAt = Date.now();
    console.log(`${progress.resealed} re-encrypted`);
  });
  const after = await countSealed(database);
  console.log(`${resealed} re-encrypted. Sealed now: ${describe(after)}`);
  for (const place of unopened) console.error(`Cannot be opened, altered or moved from elsewhere: ${place}`);
  const others = [...after.keys()].filter((key) => key !== first);
  if (others.length > 0 && unopened.length === 0)
    stop(
      'Something still seals with an older key: restart every process with the new SECRETS_KEY, then run this again',
    );
  if (others.length > 0) stop(`Keys that are still needed: ${others.join(', ')}`);
  console.log(
    box.keyIds.length > 1 ? 'No other key is needed: take them out of SECRETS_KEY' : 'No other key is needed',
  );
  process.exit(0);
} catch (error) {
  if (error instanceof MissingSecretsKeyError) stop(error.message);
  stop(`Stopped, and may be run again: ${error instanceof Error ? error.message : String(error)}`);
}
