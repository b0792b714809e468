import type { SignatureScheme } from '../profile.ts';
import { writeGo, writeGoKeyPair } from './go.ts';
import { writePhp, writePhpKeyPair } from './php.ts';
import { affixesOf, planVerifier, type VerifierPlan } from './plan-verifier.ts';
import { writePython, writePythonKeyPair } from './python.ts';
import { escapePattern } from './quote-text.ts';
import { writeRuby, writeRubyKeyPair } from './ruby.ts';
import { writeTypeScript, writeTypeScriptKeyPair } from './typescript.ts';

/** The languages that verifiers are written in, and the names to show. */
export const verifierLanguages = [
  { language: 'typescript', name: 'TypeScript' },
  { language: 'python', name: 'Python' },
  { language: 'go', name: 'Go' },
  { language: 'php', name: 'PHP' },
  { language: 'ruby', name: 'Ruby' },
] as const;

export type VerifierLanguage = (typeof verifierLanguages)[number]['language'];

interface Writer {
  readonly secret: (plan: VerifierPlan) => string;
  readonly keyPair: (plan: VerifierPlan, signaturePattern: string) => string;
}

const writers: Readonly<Record<VerifierLanguage, Writer>> = {
  typescript: { secret: writeTypeScript, keyPair: writeTypeScriptKeyPair },
  python: { secret: writePython, keyPair: writePythonKeyPair },
  go: { secret: writeGo, keyPair: writeGoKeyPair },
  php: { secret: writePhp, keyPair: writePhpKeyPair },
  ruby: { secret: writeRuby, keyPair: writeRubyKeyPair },
};

/** An Ed25519 signature has 64 bytes; a pattern that takes nothing else leaves decoders nothing to trip over. */
const ENCODED_64_BYTES = { hex: '[0-9a-f]{128}', base64: '[A-Za-z0-9+/]{86}==' };

/**
 * A receiver's code for one scheme, to be copied as it stands: it decides whether a request is an authentic, fresh
 * delivery, with the standard library alone.
 */
export const writeVerifier = (language: VerifierLanguage, scheme: SignatureScheme): string =>
  writers[language].secret(planVerifier(scheme));

/** The same for endpoints with a key pair; `null` where the scheme has none. */
export function writeKeyPairVerifier(language: VerifierLanguage, scheme: SignatureScheme): string | null {
  if (scheme.keyPair === null) return null;
  const { before, after } = affixesOf(scheme.keyPair.format);
  const pattern = `${escapePattern(before)}(${ENCODED_64_BYTES[scheme.encoding]})${escapePattern(after)}`;
  return writers[language].keyPair(planVerifier(scheme), pattern);
}
