import type { SecretBox } from '../create-secret-box.ts';
import { explainFault } from '../is-unavailable.ts';
import type { Database } from '../open-database.ts';
import { countSealed } from './count-sealed.ts';

/** Something in the database is sealed with a key that is not configured: what would need it could not be sent. */
export class MissingSecretsKeyError extends Error {
  override readonly name = 'MissingSecretsKeyError';
}

/**
 * Finds out at start what would else fail at the first delivery.
 *
 * @returns null: all are there. Otherwise why the database could not be asked
 * @throws MissingSecretsKeyError that names the missing keys by their ids
 */
export async function checkSecretsKeys(database: Database, { keyIds }: SecretBox): Promise<string | null> {
  const counted = await countSealed(database).catch((error: unknown) => explainFault(error));
  if (typeof counted === 'string') return counted;
  const missing = [...counted].filter(([key]) => !keyIds.includes(key));
  if (missing.length === 0) return null;
  const needed = missing.map(([key, count]) => `${key} (${count})`).join(', ');
  throw new MissingSecretsKeyError(
    `SECRETS_KEY lacks keys that the database needs. Sealed with others, by key id and number: ${needed}. ` +
      `Configured: ${keyIds.join(', ')}. Put the missing keys back, behind a comma.`,
  );
}
