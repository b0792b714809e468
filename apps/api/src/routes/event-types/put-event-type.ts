import { splitObject } from '@posthorn/domain/raw-json/split-json';
import { EVENT_TYPE_NAME, type putEventTypeBody } from '@posthorn/http-api/event-type';
import type { z } from 'zod';
import { compileSchema } from '../../events/compile-schema.ts';
import { catalogOf } from '../../events/find-types.ts';
import { meterSchemaTime } from '../../events/meter-schema-time.ts';
import { type Answer, ok } from '../../http/answer.ts';
import { conflict, invalid } from '../../http/app-error.ts';
import type { TenantScope } from '../../http/resolve-tenant.ts';
import type { Call } from '../define-route.ts';
import { replaceEventType } from './replace-event-type.ts';
import { showEventType } from './show-event-type.ts';

const SCHEMA_MAX_BYTES = 65_536;

/** @throws AppError `invalid` when the schema cannot be used, or refuses the type's own sample */
function checkSchema(schema: string | null, sample: unknown): void {
  if (schema === null) return;
  if (Buffer.byteLength(schema) > SCHEMA_MAX_BYTES) {
    throw invalid({ path: 'schema', message: `must be at most ${SCHEMA_MAX_BYTES} bytes` });
  }
  const compiled = compileSchema(schema, false);
  if (!compiled.ok) throw invalid({ path: 'schema', message: compiled.problem });
  const problems = sample === undefined ? [] : compiled.check(sample, 'sample');
  if (problems.length > 0) throw invalid(...problems);
}

/** `PUT /v1/event-types/{name}`: creates one of the tenant's own types, or replaces it, and says what that breaks. */
export async function putEventTypeRoute({
  tenant,
  params: { name },
  body,
  bodyText,
  act,
}: Call<TenantScope, undefined, z.output<typeof putEventTypeBody>>): Promise<Answer> {
  if (!EVENT_TYPE_NAME.test(name)) {
    throw invalid({ path: 'name', message: 'must be 1 to 128 letters, digits, dots, dashes and underscores' });
  }
  if (catalogOf(tenant.profile).has(name)) throw conflict('This type belongs to the profile and cannot be replaced.');
  const texts = splitObject(bodyText);
  const type = {
    name,
    description: body.description,
    schema: texts.get('schema') ?? null,
    sample: texts.get('sample') ?? null,
  };
  meterSchemaTime(tenant.id, () => checkSchema(type.schema, body.sample));
  const changes = await replaceEventType(tenant, type, body.if_compatible ?? false, act('event_type', name));
  return ok({ ...showEventType({ ...type, source: 'tenant' }), breaking_changes: changes });
}
