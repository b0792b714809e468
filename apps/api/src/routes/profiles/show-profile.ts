import type { LifecycleDefinition } from '@posthorn/http-api/lifecycle';
import type { Profile as ShownProfile } from '@posthorn/http-api/profile';
import type { Lifecycle } from '@posthorn/wire/lifecycle';
import type { Profile } from '@posthorn/wire/profile';

const showSignature = ({ signature }: Profile): ShownProfile['signature'] => ({
  algorithm: signature.algorithm,
  encoding: signature.encoding,
  signed: signature.signed,
  secret_format: signature.secretFormat,
  header: signature.header,
  format: signature.format,
  key_pair: signature.keyPair && { ...signature.keyPair },
  lead: signature.lead,
  rotation: signature.rotation,
  separator: signature.separator,
  headers: [...signature.headers],
});

const showLifecycle = (lifecycle: Lifecycle): LifecycleDefinition => ({
  name: lifecycle.name,
  subject: lifecycle.subject,
  states: [...lifecycle.states],
  edges: lifecycle.edges.map(({ from, to, events }) => ({
    from,
    to,
    events: events.map(({ type, forEach }) => ({ type, ...(forEach !== undefined && { for_each: forEach }) })),
  })),
  meters_first: [...lifecycle.metersFirst],
  meters_entering: Object.fromEntries(
    Object.entries(lifecycle.metersEntering).map(([state, kinds]) => [state, [...kinds]]),
  ),
});

/** A delivery contract as the API shows it. */
export const showProfile = (profile: Profile, source: ShownProfile['source']): ShownProfile => ({
  name: profile.name,
  event_types: profile.eventTypes.map((type) => ({ ...type })),
  envelope: profile.envelope as ShownProfile['envelope'],
  signature: showSignature(profile),
  attempts: profile.attempts,
  waits_minutes: [...profile.waitsMinutes],
  wait_cap_minutes: profile.waitCapMinutes,
  jitter: profile.jitter,
  timeout_ms: profile.timeoutMs,
  on_exhausted: profile.onExhausted,
  gone_disables: profile.goneDisables,
  keeps_retry_after: profile.keepsRetryAfter,
  rate_per_second: profile.ratePerSecond,
  pair: profile.pair && { types: [...profile.pair.types], ended_by: profile.pair.endedBy },
  lifecycles: profile.lifecycles.map(showLifecycle),
  source,
});
