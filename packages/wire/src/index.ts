// The one door for receivers that install this package alone; inside the repository files are imported by name.
export { buildEnvelope, type EnvelopeEvent } from './build-envelope.ts';
export type { EventType, Profile, SignatureScheme } from './profile.ts';
export { findProfile, profiles } from './profiles.ts';
export { sign, type SignInput } from './sign.ts';
export { TOLERANCE_SECONDS, verify, type VerifyFailure, type VerifyInput, type VerifyResult } from './verify.ts';
