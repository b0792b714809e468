import { explainTime } from './explain-time.ts';
import { affixesOf, type SignedPart, type VerifierPlan } from './plan-verifier.ts';
import { byteEscape, escapePattern, escapeText } from './quote-text.ts';
import { writeLines } from './write-lines.ts';

const quote = (text: string): string => `b"${escapeText(text, /[\\"]/g, byteEscape)}"`;
const readHeader = (name: string): string => `header("${name.toLowerCase()}")`;

/** Bytes joined by `+`; no operand for a text that is empty. */
const sum = (operands: readonly string[]): string => operands.filter((each) => each !== 'b""').join(' + ');

const signedText = ({ signed }: VerifierPlan): string =>
  sum(signed.map((part: SignedPart) => ('text' in part ? quote(part.text) : part.value)));

function readSignatures({ signatureHeaders, scheme: { separator } }: VerifierPlan): string {
  const read = signatureHeaders.map(readHeader);
  if (separator === '') return `    signatures = [${read.join(', ')}]`;
  const whole = read.length === 1 ? read.join('') : `(${read.join(` + b"${separator}" + `)})`;
  return `    signatures = ${whole}.split(b"${separator}")`;
}

function checkTime(plan: VerifierPlan): string[] {
  if (plan.time === null) return [];
  const refuseIf = (wrong: string, sent: string): string[] => [
    '    now = time.time() if now is None else now',
    `    # ${explainTime(plan)}`,
    `    if ${wrong} or abs(now - int(${sent})) > TOLERANCE_SECONDS:`,
    '        return False',
  ];
  if ('header' in plan.time) {
    return [
      `    timestamp = ${readHeader(plan.time.header)}`,
      ...refuseIf('not re.fullmatch(rb"\\d{1,12}", timestamp)', 'timestamp'),
    ];
  }
  const pattern = `${escapePattern(plan.time.before)}(\\d{1,12})${escapePattern(plan.time.after)}`;
  return [
    `    lead = re.fullmatch(rb"${pattern}", signatures[0])`,
    ...refuseIf('not lead', 'lead[1]'),
    ...(plan.timeIsSigned ? ['    timestamp = lead[1]'] : []),
  ];
}

function readRequest(plan: VerifierPlan, keys: string) {
  const now = plan.time ? ', now: float | None = None' : '';
  return [
    plan.time && ['', 'TOLERANCE_SECONDS = 300'],
    ['', ''],
    `def is_authentic(body: bytes, headers: Mapping[str, str], ${keys}: list[str]${now}) -> bool:`,
    `    """headers: with names in lower case; ${keys}: all that may be live, two during a rotation"""`,
    '',
    '    def header(name: str) -> bytes:',
    "        # A stranger's header may hold what UTF-8 cannot.",
    '        return headers.get(name, "").encode(errors="replace")',
    '',
    plan.ids.map(({ value, header }) => `    ${value} = ${readHeader(header)}`),
    readSignatures(plan),
    checkTime(plan),
  ];
}

/** A verifier in Python 3.10 or newer with shared secrets. */
export function writePython(plan: VerifierPlan): string {
  const { secretFormat, format, encoding } = plan.scheme;
  const { before, after } = affixesOf(format);
  const isText = secretFormat === 'utf8';
  const isBare = before + after === '';
  const affixed = sum([quote(before), 'digest', quote(after)]);
  const key = isText ? 'secret.encode()' : 'key';
  const hmac = `hmac.new(${key}, ${signedText(plan)}, "sha256")`;
  const encoded = encoding === 'hex' ? `${hmac}.hexdigest().encode()` : `base64.b64encode(${hmac}.digest())`;
  return writeLines(
    (encoding === 'base64' || !isText) && 'import base64',
    'import hmac',
    plan.time && 'import re',
    plan.time && 'import time',
    'from collections.abc import Mapping',
    readRequest(plan, 'secrets'),
    '    for secret in secrets:',
    !isText && [
      '        # A public key is no secret: with it anybody could sign.',
      '        if not secret.startswith("whsec_"):',
      '            continue',
      '        key = base64.b64decode(secret.removeprefix("whsec_"))',
    ],
    isBare ? `        expected = ${encoded}` : [`        digest = ${encoded}`, `        expected = ${affixed}`],
    '        if any(hmac.compare_digest(signature, expected) for signature in signatures):',
    '            return True',
    '    return False',
  );
}

/** The same for key pairs: receivers hold `whpk_…`. */
export function writePythonKeyPair(plan: VerifierPlan, signaturePattern: string): string {
  const isHex = plan.scheme.encoding === 'hex';
  const decode = isHex ? 'bytes.fromhex(signature[1].decode())' : 'base64.b64decode(signature[1])';
  return writeLines(
    'import base64',
    'import re',
    plan.time && 'import time',
    'from collections.abc import Mapping',
    '',
    '# pip install cryptography: the standard library has no Ed25519.',
    'from cryptography.exceptions import InvalidSignature',
    'from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey',
    readRequest(plan, 'public_keys'),
    `    found = [re.fullmatch(rb"${signaturePattern}", entry) for entry in signatures]`,
    '    for public_key in public_keys:',
    '        if not public_key.startswith("whpk_"):',
    '            continue',
    '        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))',
    '        for signature in filter(None, found):',
    '            try:',
    `                key.verify(${decode}, ${signedText(plan)})`,
    '                return True',
    '            except InvalidSignature:',
    '                continue',
    '    return False',
  );
}
