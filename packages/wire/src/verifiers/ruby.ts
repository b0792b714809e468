import { explainTime } from './explain-time.ts';
import { affixesOf, type VerifierPlan } from './plan-verifier.ts';
import { bracedEscape, escapePattern, escapeText } from './quote-text.ts';
import { writeLines } from './write-lines.ts';

const escape = (text: string): string => escapeText(text, /[\\"#]/g, bracedEscape);
const quote = (text: string): string => `"${escape(text)}"`;
const readHeader = (name: string): string => `header.("${name.toLowerCase()}")`;

/** Bytes, since a stranger's text need not fit the encoding of ours. */
function signedText({ signed }: VerifierPlan): string {
  const parts = signed.map((part) => ('text' in part ? quote(part.text) : part.value));
  return parts.length === 1 ? parts.join('') : `[${parts.join(', ')}].map(&:b).join`;
}

function readSignatures({ signatureHeaders, scheme: { separator } }: VerifierPlan): string {
  const read = signatureHeaders.map(readHeader);
  if (separator === '') return `  signatures = [${read.join(', ')}]`;
  const whole = read.length === 1 ? read.join('') : `[${read.join(', ')}].join("${separator}")`;
  return `  signatures = ${whole}.split("${separator}")`;
}

function checkTime(plan: VerifierPlan): string[] {
  if (plan.time === null) return [];
  const refuse = [`  # ${explainTime(plan)}`, '  return false if (now - timestamp.to_i).abs > TOLERANCE_SECONDS', ''];
  if ('header' in plan.time) {
    return [
      `  timestamp = ${readHeader(plan.time.header)}`,
      '  return false unless timestamp.match?(/\\A\\d{1,12}\\z/)',
      ...refuse,
    ];
  }
  const pattern = `/\\A${escapePattern(plan.time.before)}(\\d{1,12})${escapePattern(plan.time.after)}\\z/`;
  return [`  timestamp = signatures.first.to_s[${pattern}, 1]`, '  return false if timestamp.nil?', ...refuse];
}

function readRequest(plan: VerifierPlan, keys: string, constants: readonly string[]) {
  const all = [...(plan.time ? ['TOLERANCE_SECONDS = 300'] : []), ...constants];
  return [
    'require "openssl"',
    '',
    all.length > 0 && [all, ''],
    `# headers: with names in lower case; ${keys}: all that may be live, two during a rotation`,
    `def authentic?(body, headers, ${keys}${plan.time ? ', now: Time.now.to_i' : ''})`,
    '  header = ->(name) { headers[name].to_s.b }',
    plan.ids.map(({ value, header }) => `  ${value} = ${readHeader(header)}`),
    readSignatures(plan),
    checkTime(plan),
  ];
}

/** A verifier in Ruby with shared secrets. */
export function writeRuby(plan: VerifierPlan): string {
  const { secretFormat, format, encoding } = plan.scheme;
  const { before, after } = affixesOf(format);
  const isText = secretFormat === 'utf8';
  const digest = `OpenSSL::HMAC.${encoding}digest("SHA256", ${isText ? 'secret' : 'key'}, ${signedText(plan)})`;
  const expected = before + after === '' ? 'digest' : `"${escape(before)}#{digest}${escape(after)}"`;
  return writeLines(
    readRequest(plan, 'secrets', []),
    '  secrets.any? do |secret|',
    !isText && [
      '    # A public key is no secret: with it anybody could sign.',
      '    next false unless secret.start_with?("whsec_")',
      '',
      '    key = secret.delete_prefix("whsec_").unpack1("m")',
    ],
    `    digest = ${digest}`,
    `    signatures.any? { |signature| OpenSSL.secure_compare(signature, ${expected}) }`,
    '  end',
    'end',
  );
}

/** The same for key pairs: receivers hold `whpk_…`. */
export function writeRubyKeyPair(plan: VerifierPlan, signaturePattern: string): string {
  const decode = plan.scheme.encoding === 'hex' ? '[signature].pack("H*")' : 'signature.unpack1("m")';
  return writeLines(
    readRequest(plan, 'public_keys', [
      '# Stands before the 32 bytes of every Ed25519 public key in DER.',
      'SPKI_PREFIX = ["302a300506032b6570032100"].pack("H*")',
    ]),
    `  signed = ${signedText(plan)}`,
    `  found = signatures.filter_map { |entry| entry[%r{\\A${signaturePattern}\\z}, 1] }`,
    '  public_keys.any? do |public_key|',
    '    next false unless public_key.start_with?("whpk_")',
    '',
    '    key = OpenSSL::PKey.read(SPKI_PREFIX + public_key.delete_prefix("whpk_").unpack1("m"))',
    `    found.any? { |signature| key.verify(nil, ${decode}, signed) }`,
    '  end',
    'end',
  );
}
