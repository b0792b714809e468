import { checkProfile } from '@posthorn/domain/profile/check-profile';
import type { LifecycleDefinition } from '@posthorn/http-api/lifecycle';
import type { FieldProblem } from '@posthorn/http-api/problem';
import type { PutProfile } from '@posthorn/http-api/profile';
import type { Lifecycle } from '@posthorn/wire/lifecycle';
import type { EventType, Profile, SignatureScheme } from '@posthorn/wire/profile';
import { findProfile } from '@posthorn/wire/profiles';
import { compileSchema } from '../../events/compile-schema.ts';
import { meterSchemaTime } from '../../events/meter-schema-time.ts';
import { invalid } from '../../http/app-error.ts';

function builtIn(name: string): Profile {
  const profile = findProfile(name);
  if (!profile) throw invalid({ path: 'extends', message: 'is not a built-in profile' });
  return profile;
}

/** Only what was given; what is missing stays the base's. */
const given = <Part extends object>(part: Part): { [Key in keyof Part]: Exclude<Part[Key], undefined> } =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as never;

/** What the form of a key pair's signature was made to stand beside. */
const SURROUNDINGS = ['secretFormat', 'format', 'separator'] as const;

function readSignature(base: SignatureScheme, signature: PutProfile['signature']): SignatureScheme {
  if (signature === undefined) return base;
  if (typeof signature === 'string') return builtIn(signature).signature;
  const { secret_format: secretFormat, key_pair: keyPair, ...fields } = signature;
  const scheme = { ...base, ...given({ ...fields, secretFormat, keyPair }) };
  const fits = keyPair !== undefined || SURROUNDINGS.every((part) => scheme[part] === base[part]);
  return fits ? scheme : { ...scheme, keyPair: null };
}

const readLifecycle = (lifecycle: LifecycleDefinition): Lifecycle => ({
  name: lifecycle.name,
  subject: lifecycle.subject,
  states: lifecycle.states as [string, ...string[]],
  edges: lifecycle.edges.map(({ from, to, events }) => ({
    from,
    to,
    events: events.map(({ type, for_each: forEach }) => ({ type, ...(forEach !== undefined && { forEach }) })),
  })),
  metersFirst: lifecycle.meters_first,
  metersEntering: lifecycle.meters_entering,
});

function merge(name: string, body: PutProfile): Profile {
  const base = builtIn(body.extends);
  const own = given({
    eventTypes: body.event_types,
    envelope: body.envelope as Profile['envelope'] | undefined,
    attempts: body.attempts,
    waitsMinutes: body.waits_minutes,
    waitCapMinutes: body.wait_cap_minutes,
    jitter: body.jitter,
    timeoutMs: body.timeout_ms,
    onExhausted: body.on_exhausted,
    goneDisables: body.gone_disables,
    keepsRetryAfter: body.keeps_retry_after,
    ratePerSecond: body.rate_per_second,
    pair: body.pair && { types: body.pair.types, endedBy: body.pair.ended_by },
    lifecycles: body.lifecycles?.map(readLifecycle),
  });
  return { ...base, ...own, name, signature: readSignature(base.signature, body.signature) };
}

function typeProblems(tenantId: string, { schema, sample }: EventType, index: number): readonly FieldProblem[] {
  const path = `event_types.${index}`;
  return meterSchemaTime(tenantId, () => {
    const compiled = compileSchema(JSON.stringify(schema), false);
    if (!compiled.ok) return [{ path: `${path}.schema`, message: compiled.problem }];
    return compiled.check(sample, `${path}.sample`);
  });
}

/**
 * Makes a tenant's profile from what it overrides.
 *
 * @throws AppError `invalid` that names every part that does not fit the others
 */
export function readProfile(tenantId: string, name: string, body: PutProfile): Profile {
  const profile = merge(name, body);
  const types = (body.event_types ?? []).flatMap((type, index) => typeProblems(tenantId, type, index));
  const problems = [...checkProfile(profile), ...types];
  if (problems.length > 0) throw invalid(...problems);
  return profile;
}
