import type { FieldProblem } from '@posthorn/http-api/problem';
import type { Envelope } from '@posthorn/wire/profile';
import { invalid } from '../http/app-error.ts';
import type { TenantScope } from '../http/resolve-tenant.ts';
import { compileSchema } from './compile-schema.ts';
import { findTypes, type KnownType } from './find-types.ts';

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
  types: ReadonlyMap<string, KnownType>,
): readonly FieldProblem[] {
  const known = types.get(type);
  if (!known) return [{ path: `${prefix}type`, message: 'is not an event type of this tenant' }];
  if (known.schema === null) return [];
  const compiled = compileSchema(known.schema, isBuiltIn(tenant, known));
  if (!compiled.ok) return [{ path: `${prefix}type`, message: `has a schema that ${compiled.problem}` }];
  return compiled.check(data, `${prefix}data`);
}

/**
 * Judges events by the tenant's catalog.
 *
 * @throws AppError `invalid` that names unknown types and data that fails its schema
 */
export async function checkEvents(tenant: TenantScope, events: readonly PostedEvent[]): Promise<void> {
  const types = await findTypes(
    tenant,
    events.map(({ type }) => type),
  );
  const problems = events.flatMap((event) => [
    ...dataProblems(tenant, event, types),
    ...versionProblems(tenant, event),
  ]);
  if (problems.length > 0) throw invalid(...problems);
}
