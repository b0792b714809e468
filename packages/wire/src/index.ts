// The one door for receivers that install this package alone; inside the repository files are imported by name.
export { buildEnvelope, type EnvelopeEvent } from './build-envelope.ts';
export type { Lifecycle, LifecycleEdge, UsageKind } from './lifecycle.ts';
export type { EventType, Profile, SignatureScheme } from './profile.ts';
export { findProfile, profiles } from './profiles.ts';
export { type SignInput, sign } from './sign.ts';
export { TOLERANCE_SECONDS, type VerifyFailure, type VerifyInput, type VerifyResult, verify } from './verify.ts';
