import type { FieldProblem } from '@posthorn/http-api/problem';
import type { Envelope } from '@posthorn/wire/profile';
import { invalid } from '../http/app-error.ts';
import type { TenantScope } from '../http/resolve-tenant.ts';
import { CHECK_BUDGET_MS, type CompiledSchema, compileSchema } from './compile-schema.ts';
import { findTypes, type KnownType } from './find-types.ts';
import { meterSchemaTime } from './meter-schema-time.ts';
import { otherHalf } from './prepare-request.ts';
import { runWithBudget } from './run-with-budget.ts';

/** Types by name, as the tenant knows them. */
export type KnownTypes = ReadonlyMap<string, KnownType>;

/** An event as it was posted, and where it stands in the body. */
export interface PostedEvent {
  readonly type: string;
  readonly data: unknown;
  readonly aggregateVersion: number | null;
  /** Stands before the names of its fields in a problem: empty, or `events.3.`. */
  readonly prefix: string;
}

const hasAggregateVersion = (fields: Envelope): boolean =>
  fields !== 'data' &&
  fields.some((field) =>
    'fields' in field ? hasAggregateVersion(field.fields) : 'from' in field && field.from === 'aggregate_version',
  );

/** A version that no receiver would ever see is refused rather than dropped. */
function versionProblems({ profile }: TenantScope, { aggregateVersion, prefix }: PostedEvent): FieldProblem[] {
  if (aggregateVersion === null || hasAggregateVersion(profile.envelope)) return [];
  return [{ path: `${prefix}aggregate_version`, message: `is not sent by the profile ${profile.name}` }];
}

/** Only the built-in profiles' schemas are trusted. */
const isBuiltIn = ({ profileId }: TenantScope, { source }: KnownType): boolean =>
  source === 'profile' && profileId === null;

/** A check of `data` that is still to be made. */
interface DataCheck {
  readonly schema: CompiledSchema;
  readonly trusted: boolean;
  readonly data: unknown;
  readonly prefix: string;
}

/** A slow schema is compiled at its own tenant's cost. */
function compileFor(tenant: TenantScope, known: KnownType, schema: string): CompiledSchema {
  if (isBuiltIn(tenant, known)) return compileSchema(schema, true);
  return meterSchemaTime(tenant.id, () => compileSchema(schema, false));
}

/** What to check of an event: its type's schema, then that of its pair's other half. `null`: there is no such type. */
function checksOf(
  tenant: TenantScope,
  { type, data, prefix }: PostedEvent,
  types: KnownTypes,
): readonly DataCheck[] | null {
  const known = types.get(type);
  if (!known) return null;
  const other = types.get(otherHalf(tenant.profile, type) ?? '');
  return [known, ...(other ? [other] : [])].flatMap((each) =>
    each.schema === null
      ? []
      : { schema: compileFor(tenant, each, each.schema), trusted: isBuiltIn(tenant, each), data, prefix },
  );
}

function runCheck({ schema, data, prefix }: DataCheck, limited: boolean): readonly FieldProblem[] {
  if (!schema.ok) return [{ path: `${prefix}type`, message: `has a schema that ${schema.problem}` }];
  return (limited ? schema.check : schema.checkUnlimited)(data, `${prefix}data`);
}

/**
 * Checks data against a tenant's own schemas: all of a request under one time limit, since each limit costs a hundred
 * times what an ordinary check does; one by one where that is not enough, to find the slow one.
 */
function runUntrusted(tenantId: string, checks: readonly DataCheck[]): readonly (readonly FieldProblem[])[] {
  if (checks.length <= 1) return checks.map((check) => meterSchemaTime(tenantId, () => runCheck(check, true)));
  const together = meterSchemaTime(tenantId, () =>
    runWithBudget(() => checks.map((check) => runCheck(check, false)), CHECK_BUDGET_MS),
  );
  if (together.done) return together.result;
  return checks.map((check) => meterSchemaTime(tenantId, () => runCheck(check, true)));
}

/** Makes every check. @returns what each found, in order */
function runChecks(tenantId: string, checks: readonly DataCheck[]): readonly (readonly FieldProblem[])[] {
  const untrusted = runUntrusted(
    tenantId,
    checks.filter(({ trusted }) => !trusted),
  ).values();
  return checks.map((check) => (check.trusted ? runCheck(check, false) : (untrusted.next().value ?? [])));
}

/** What has to be known to judge events of these types; see {@link judgeEvents}. */
export const typesFor = (tenant: TenantScope, names: readonly string[]): Promise<KnownTypes> =>
  findTypes(
    tenant,
    names.flatMap((type) => [type, otherHalf(tenant.profile, type) ?? type]),
  );

/**
 * Judges events by types that were looked up before.
 *
 * @throws AppError `invalid` that names unknown types and data that fails its schema
 */
export function judgeEvents(tenant: TenantScope, events: readonly PostedEvent[], types: KnownTypes): void {
  const checks = events.map((event) => checksOf(tenant, event, types));
  const found = runChecks(
    tenant.id,
    checks.flatMap((each) => each ?? []),
  ).values();
  const problems = events.flatMap((event, index) => {
    const own = checks[index]?.map(() => found.next().value ?? []) ?? null;
    // Where both halves of a pair refuse the data, they do so for much the same reasons: the posted one's are enough.
    const ofData = own?.find((each) => each.length > 0) ?? [];
    const unknown = { path: `${event.prefix}type`, message: 'is not an event type of this tenant' };
    return [...(own === null ? [unknown] : ofData), ...versionProblems(tenant, event)];
  });
  if (problems.length > 0) throw invalid(...problems);
}

/**
 * Judges events by the tenant's catalog.
 *
 * @throws AppError `invalid` that names unknown types and data that fails its schema
 */
export async function checkEvents(tenant: TenantScope, events: readonly PostedEvent[]): Promise<void> {
  const names = events.map(({ type }) => type);
  judgeEvents(tenant, events, await typesFor(tenant, names));
}
