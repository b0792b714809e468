import type { Profile } from '@posthorn/http-api/profile';

type Signature = Pick<Profile['signature'], 'header' | 'rotation'>;

/** How deliveries are signed while two secrets are live. @param signature undefined: the profile is not known (yet) */
export function explainOverlap(signature: Signature | undefined): string {
  if (!signature) return 'Meanwhile every delivery is signed with both.';
  const { header, rotation } = signature;
  return rotation === 'list'
    ? `Meanwhile ${header} carries both signatures, so a receiver that knows either takes it.`
    : `Until it ends ${header} is signed with the old one, and ${header}-Next with the new one; then ${header} with the new one.`;
}

/** What a further rotation does while one is under way. @param overlapSeconds of the further one */
export const explainReplacing = (overlapSeconds: number): string =>
  overlapSeconds === 0
    ? 'Both secrets that are valid now stop working at once.'
    : 'The secret given out last is replaced and stops working at once. The one before it stays valid until the new overlap ends.';
