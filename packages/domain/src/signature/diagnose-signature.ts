import type { SignatureScheme } from '@posthorn/wire/profile';
import { planVerifier } from '@posthorn/wire/verifiers/plan-verifier';
import { headerValue, type ReceivedHeaders, verify } from '@posthorn/wire/verify';
import { bodyVariants } from './body-variants.ts';
import { type CheckedHeader, checkHeader } from './check-header.ts';
import { checkTime } from './check-time.ts';
import { parseHeaderLines } from './parse-header-lines.ts';
import { readSecret, secretVariants } from './read-secret.ts';

/** A profile, as far as it says how deliveries are signed. */
export interface NamedScheme {
  readonly name: string;
  readonly signature: SignatureScheme;
}

/** What a receiver got, and what it verifies with. */
export interface SignedRequest {
  /** Lines of `Name: value`. */
  readonly headers: string;
  readonly body: string;
  readonly secrets: readonly string[];
  /** Where the secrets come from: what somebody typed may have something pasted along. */
  readonly secretsFrom: 'caller' | 'endpoint';
  /** Unix seconds. */
  readonly now: number;
}

export const signatureChecks = ['header', 'timestamp', 'secret', 'body'] as const;

/** One thing that was looked at. */
export interface SignatureCheck {
  readonly name: (typeof signatureChecks)[number];
  readonly ok: boolean;
  /** What is wrong and what to do about it; holds nothing of the secret. */
  readonly message: string;
}

export interface Diagnosis {
  readonly verdict: 'valid' | 'invalid';
  /** The profile whose signature header is there; `null`: none's. */
  readonly scheme: string | null;
  /** Those that could be made, in order. */
  readonly checks: readonly SignatureCheck[];
}

const check = (name: SignatureCheck['name'], ok: boolean, message: string): SignatureCheck => ({ name, ok, message });

const carries = (headers: ReceivedHeaders, { signature }: NamedScheme): boolean =>
  planVerifier(signature).signatureHeaders.some((name) => headerValue(headers, name) !== undefined);

/** Whether one of the signatures is right, whatever the time. */
function fits(scheme: SignatureScheme, headers: ReceivedHeaders, body: string, secrets: readonly string[]): boolean {
  const usable = secrets
    .map((secret) => readSecret(scheme, secret))
    .flatMap((read) => ('usable' in read ? read.usable : []));
  const result = verify(scheme, { headers, body, secrets: usable, now: 0, toleranceSeconds: Infinity });
  return result.ok || result.reason === 'malformed_timestamp';
}

const SECRET_FITS = check('secret', true, 'The secret fits.');
const BODY_FITS = check('body', true, 'The body is what was signed.');

/** Why no secret fits, as far as it can be told. */
function explainSecret(
  scheme: SignatureScheme,
  { secrets, secretsFrom }: SignedRequest,
  kinds: Extract<CheckedHeader, { ok: true }>['kinds'],
): string {
  const read = secrets.map((secret) => readSecret(scheme, secret));
  const broken = read.find((each) => 'problem' in each);
  if (broken && secretsFrom === 'caller') return broken.problem;
  const isPublic = secrets.some((secret) => scheme.keyPair !== null && /^wh[ps]k_/.test(secret));
  if (kinds.keyPair && !kinds.secret && !isPublic)
    return 'The request is signed with a key pair: verify with the endpoint’s public key, whpk_….';
  if (kinds.secret && !kinds.keyPair && isPublic)
    return 'The request is signed with a shared secret, not with a key pair: verify with the endpoint’s signing secret.';
  const whose =
    secretsFrom === 'caller'
      ? 'This secret does not make the signature: take that of the endpoint that the request was sent to, and after a rotation the newer one.'
      : 'No secret of this endpoint makes the signature: the request is another endpoint’s, was signed before a rotation, or is not from here.';
  return `${whose} If the secret is right, the body or a signed header is not what was sent.`;
}

function checkMatch(
  scheme: SignatureScheme,
  headers: ReceivedHeaders,
  request: SignedRequest,
  kinds: Extract<CheckedHeader, { ok: true }>['kinds'],
): SignatureCheck[] {
  const { body, secrets, secretsFrom } = request;
  if (fits(scheme, headers, body, secrets)) return [SECRET_FITS, BODY_FITS];
  const changed = bodyVariants(body).find((variant) => fits(scheme, headers, variant.body, secrets));
  if (changed) return [SECRET_FITS, check('body', false, changed.message)];
  const typed = secretsFrom === 'caller' ? secrets.flatMap(secretVariants) : [];
  const pasted = typed.find(({ secret }) => fits(scheme, headers, body, [secret]));
  if (pasted) return [check('secret', false, pasted.message), BODY_FITS];
  return [check('secret', false, explainSecret(scheme, request, kinds))];
}

function checkScheme(own: NamedScheme, found: NamedScheme): SignatureCheck {
  const { header } = found.signature;
  if (found === own) return check('header', true, `${header} holds a signature as the profile ${own.name} sends it.`);
  const message = `${header} is the signature header of ${found.name}; deliveries of this tenant’s profile, ${own.name}, carry ${own.signature.header}. Verify by the rules of ${found.name}, or look who has sent this.`;
  return check('header', false, message);
}

function noScheme({ name, signature }: NamedScheme, wrongLine: number | null): SignatureCheck {
  if (wrongLine !== null)
    return check('header', false, `Line ${wrongLine} is no header: paste one a line, as "Name: value".`);
  const message = `There is no signature header: deliveries of the profile ${name} carry ${signature.header}. Paste all headers as they came; if it is not among them, something on the way took it out, or the request is not from here.`;
  return check('header', false, message);
}

/**
 * Says why a request's signature holds, or what keeps it from holding.
 *
 * @param own the profile that the request should be signed under
 * @param others profiles that are known besides
 */
export function diagnoseSignature(own: NamedScheme, others: readonly NamedScheme[], request: SignedRequest): Diagnosis {
  const { headers, wrongLine } = parseHeaderLines(request.headers);
  const found = [own, ...others].find((one) => carries(headers, one));
  if (!found) return { verdict: 'invalid', scheme: null, checks: [noScheme(own, wrongLine)] };
  const { signature } = found;
  const header = checkHeader(signature, headers);
  const ofScheme = checkScheme(own, found);
  if (!header.ok) {
    const message = ofScheme.ok ? header.problem : ofScheme.message;
    return { verdict: 'invalid', scheme: found.name, checks: [check('header', false, message)] };
  }
  const time = checkTime(header.timestamp, request.now, planVerifier(signature).timeIsSigned);
  const checks = [
    ofScheme,
    check('timestamp', time.ok, time.message),
    ...checkMatch(signature, headers, request, header.kinds),
  ];
  return { verdict: checks.every(({ ok }) => ok) ? 'valid' : 'invalid', scheme: found.name, checks };
}
