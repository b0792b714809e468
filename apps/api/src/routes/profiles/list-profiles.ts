import type { Profile as ShownProfile } from '@posthorn/http-api/profile';
import type { Profile } from '@posthorn/wire/profile';
import { profiles } from '@posthorn/wire/profiles';
import { type Answer, ok } from '../../http/answer.ts';

const showSignature = ({ signature }: Profile): ShownProfile['signature'] => ({
  algorithm: signature.algorithm,
  encoding: signature.encoding,
  signed: [...signature.signed],
  secret_format: signature.secretFormat,
  header: signature.signatureHeader,
  prefix: signature.signaturePrefix,
  timestamp_header: signature.timestampHeader,
  id_header: signature.idHeader && { ...signature.idHeader },
  rotation: signature.rotation,
});

const showProfile = (profile: Profile): ShownProfile => ({
  name: profile.name,
  event_types: profile.eventTypes.map((type) => ({ ...type })),
  envelope: profile.envelope.map((field) => ({ ...field })),
  signature: showSignature(profile),
  attempts: profile.attempts,
  waits_minutes: [...profile.waitsMinutes],
  timeout_ms: profile.timeoutMs,
  on_exhausted: profile.onExhausted,
  lifecycles: [],
});

/** `GET /v1/profiles`: the delivery contracts as data. */
export const getProfiles = (): Answer => ok({ data: profiles.map(showProfile) });
