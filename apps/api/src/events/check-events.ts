import type { FieldProblem } from '@posthorn/http-api/problem';
import type { Envelope } from '@posthorn/wire/profile';
import { invalid } from '../http/app-error.ts';
import type { TenantScope } from '../http/resolve-tenant.ts';
import { compileSchema } from './compile-schema.ts';
import { findTypes, type KnownType } from './find-types.ts';
import { meterSchemaTime } from './meter-schema-time.ts';
import { otherHalf } from './prepare-request.ts';

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

function dataProblems(
  tenant: TenantScope,
  { type, data, prefix }: PostedEvent,
  types: KnownTypes,
): readonly FieldProblem[] {
  const known = types.get(type);
  if (!known) return [{ path: `${prefix}type`, message: 'is not an event type of this tenant' }];
  const { schema } = known;
  if (schema === null) return [];
  const trusted = isBuiltIn(tenant, known);
  const check = (): readonly FieldProblem[] => {
    const compiled = compileSchema(schema, trusted);
    if (!compiled.ok) return [{ path: `${prefix}type`, message: `has a schema that ${compiled.problem}` }];
    return compiled.check(data, `${prefix}data`);
  };
  return trusted ? check() : meterSchemaTime(tenant.id, check);
}

/** What has to be known to judge events of these types; see {@link judgeEvents}. */
export const typesFor = (tenant: TenantScope, names: readonly string[]): Promise<KnownTypes> =>
  findTypes(
    tenant,
    names.flatMap((type) => [type, otherHalf(tenant.profile, type) ?? type]),
  );

function judge(tenant: TenantScope, event: PostedEvent, types: KnownTypes): readonly FieldProblem[] {
  const problems = [...dataProblems(tenant, event, types), ...versionProblems(tenant, event)];
  const other = otherHalf(tenant.profile, event.type);
  return problems.length > 0 || other === null ? problems : dataProblems(tenant, { ...event, type: other }, types);
}

/**
 * Judges events by types that were looked up before.
 *
 * @throws AppError `invalid` that names unknown types and data that fails its schema
 */
export function judgeEvents(tenant: TenantScope, events: readonly PostedEvent[], types: KnownTypes): void {
  const problems = events.flatMap((event) => judge(tenant, event, types));
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
