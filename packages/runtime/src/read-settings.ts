import type { z } from 'zod';
import { type SettingName, type SettingValue, settings } from './settings.ts';

export type Settings<Name extends SettingName> = { readonly [Key in Name]: SettingValue<Key> };

/** What is wrong with the environment: one line for each setting, by name. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Secrets must not reach the log, not even wrong ones; the rest is shown to make the mistake plain. */
const SECRET = /KEY|URL/;

function describe(name: string, text: string | undefined, problem: string): string {
  if (text === undefined || text === '') return `${name} is not set, and has no default`;
  return SECRET.test(name) ? `${name} ${problem}` : `${name} ${problem} (it is ${JSON.stringify(text)})`;
}

function readOne(name: SettingName, text: string | undefined): z.ZodSafeParseResult<unknown> {
  const { schema, fallback } = settings[name];
  const given = text === undefined || text === '' ? fallback : text;
  return schema.safeParse(given ?? undefined);
}

/** What is missing only because another setting is given. */
function missingFor(env: Environment, names: readonly SettingName[]): string[] {
  return names.flatMap((name) => {
    const { neededBy } = settings[name];
    return neededBy !== undefined && env[neededBy] && !env[name]
      ? [`${name} is not set, and ${neededBy} needs it`]
      : [];
  });
}

/**
 * Reads the named settings from an environment.
 *
 * @throws SettingsError that lists every problem at once
 */
export function readSettings<Name extends SettingName>(env: Environment, names: readonly Name[]): Settings<Name> {
  const results = names.map((name) => ({ name, result: readOne(name, env[name]) }));
  const wrong = results.flatMap(({ name, result }) =>
    result.success ? [] : [describe(name, env[name], result.error.issues.map((issue) => issue.message).join('; '))],
  );
  const problems = [...wrong, ...missingFor(env, names)];
  if (problems.length > 0)
    throw new SettingsError(`Wrong settings:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  return Object.fromEntries(results.map(({ name, result }) => [name, result.data])) as Settings<Name>;
}
