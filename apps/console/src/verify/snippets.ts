import type { Endpoint } from '@posthorn/http-api/endpoint';
import type { Profile } from '@posthorn/http-api/profile';
import {
  type VerifierLanguage,
  verifierLanguages,
  writeKeyPairVerifier,
  writeVerifier,
} from '@posthorn/wire/verifiers/write-verifier';
import { schemeOf } from './scheme-of.ts';
import { writeUsage } from './write-usage.ts';

/** One receiver's code, and how it is called. */
export interface Snippet {
  readonly language: VerifierLanguage;
  /** What stands on its tab. */
  readonly name: string;
  readonly code: string;
  readonly usage: string;
}

/** Receivers look for their platform, not for its language. */
const nameOf = (language: VerifierLanguage, name: string): string => (language === 'typescript' ? 'Node.js' : name);

const sendsTime = ({ lead, headers }: Profile['signature']): boolean =>
  lead.includes('{timestamp}') || headers.some(({ from }) => from === 'timestamp');

/**
 * The code with which a receiver verifies what this profile signs, in every language.
 *
 * @param signature of the endpoint's profile, built-in or the tenant's own
 */
export function writeSnippets(
  signature: Profile['signature'],
  algorithm: Endpoint['signature_algorithm'],
): readonly Snippet[] {
  const scheme = schemeOf(signature);
  const isPair = algorithm === 'ed25519';
  return verifierLanguages.map(({ language, name }) => ({
    language,
    name: nameOf(language, name),
    code: (isPair ? writeKeyPairVerifier(language, scheme) : null) ?? writeVerifier(language, scheme),
    usage: writeUsage(language, isPair ? 'WEBHOOK_PUBLIC_KEY' : 'WEBHOOK_SECRET', sendsTime(signature)),
  }));
}
