import type { VerifierPlan } from './plan-verifier.ts';

/** Why a verifier looks at the time, as a comment in its code. */
export const explainTime = ({ timeIsSigned }: VerifierPlan): string =>
  timeIsSigned
    ? 'An old delivery may be one that somebody has caught and repeats.'
    : 'Nothing proves this time: it is not part of what is signed.';
