import { explainTime } from './explain-time.ts';
import { affixesOf, type VerifierPlan } from './plan-verifier.ts';
import { bracedEscape, escapePattern, escapeText } from './quote-text.ts';
import { writeLines } from './write-lines.ts';

/** Between single quotes, where a backslash means itself unless a quote or another one follows. */
const single = (text: string): string => `'${text.replaceAll(/\\(?=[\\']|$)|'/g, '\\$&')}'`;
const quote = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? single(text) : `"${escapeText(text, /[\\"$]/g, bracedEscape)}"`;
const variableOf = (value: string): string =>
  `$${value.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
const readHeader = (name: string): string => `$headers['${name.toLowerCase()}'] ?? ''`;
const concat = (operands: readonly string[]): string => operands.filter((each) => each !== "''").join(' . ');

const signedText = ({ signed }: VerifierPlan): string =>
  concat(signed.map((part) => ('text' in part ? quote(part.text) : variableOf(part.value))));

function readSignatures({ signatureHeaders, scheme: { separator } }: VerifierPlan): string {
  const read = signatureHeaders.map(readHeader);
  if (separator === '') return `    $signatures = [${read.join(', ')}];`;
  const whole = read.length === 1 ? read.join('') : read.map((each) => `(${each})`).join(` . '${separator}' . `);
  return `    $signatures = explode('${separator}', ${whole});`;
}

function checkTime(plan: VerifierPlan): string[] {
  if (plan.time === null) return [];
  const refuse = [
    `    // ${explainTime(plan)}`,
    '    if (abs(($now ?? time()) - (int) $timestamp) > TOLERANCE_SECONDS) {',
    '        return false;',
    '    }',
  ];
  if ('header' in plan.time) {
    return [
      `    $timestamp = ${readHeader(plan.time.header)};`,
      "    if (!preg_match('/\\A\\d{1,12}\\z/', $timestamp)) {",
      '        return false;',
      '    }',
      ...refuse,
    ];
  }
  const pattern = `/\\A${escapePattern(plan.time.before)}(\\d{1,12})${escapePattern(plan.time.after)}\\z/`;
  return [
    `    if (!preg_match(${single(pattern)}, $signatures[0], $lead)) {`,
    '        return false;',
    '    }',
    '    $timestamp = $lead[1];',
    ...refuse,
  ];
}

function readRequest(plan: VerifierPlan, keys: string) {
  const now = plan.time ? ', ?int $now = null' : '';
  return [
    '<?php',
    '',
    plan.time && ['const TOLERANCE_SECONDS = 300;', ''],
    `/** $headers: with names in lower case; ${keys}: all that may be live, two during a rotation. */`,
    `function isAuthentic(string $body, array $headers, array ${keys}${now}): bool`,
    '{',
    plan.ids.map(({ value, header }) => `    ${variableOf(value)} = ${readHeader(header)};`),
    readSignatures(plan),
    checkTime(plan),
  ];
}

/** A verifier in PHP 8 with shared secrets. */
export function writePhp(plan: VerifierPlan): string {
  const { secretFormat, format, encoding } = plan.scheme;
  const { before, after } = affixesOf(format);
  const isText = secretFormat === 'utf8';
  const hmac = `hash_hmac('sha256', ${signedText(plan)}, ${isText ? '$secret' : '$key'}`;
  const encoded = encoding === 'hex' ? `${hmac})` : `base64_encode(${hmac}, true))`;
  return writeLines(
    readRequest(plan, '$secrets'),
    '    foreach ($secrets as $secret) {',
    !isText && [
      '        // A public key is no secret: with it anybody could sign.',
      "        if (!str_starts_with($secret, 'whsec_')) {",
      '            continue;',
      '        }',
      "        $key = base64_decode(substr($secret, strlen('whsec_')));",
    ],
    `        $expected = ${concat([quote(before), encoded, quote(after)])};`,
    '        foreach ($signatures as $signature) {',
    '            if (hash_equals($expected, $signature)) {',
    '                return true;',
    '            }',
    '        }',
    '    }',
    '    return false;',
    '}',
  );
}

/** The same for key pairs: receivers hold `whpk_…`. */
export function writePhpKeyPair(plan: VerifierPlan, signaturePattern: string): string {
  const decode = plan.scheme.encoding === 'hex' ? 'hex2bin' : 'base64_decode';
  return writeLines(
    readRequest(plan, '$publicKeys'),
    `    $signed = ${signedText(plan)};`,
    '    foreach ($signatures as $entry) {',
    `        if (!preg_match(${single(`~\\A${signaturePattern}\\z~`)}, $entry, $match)) {`,
    '            continue;',
    '        }',
    '        foreach ($publicKeys as $publicKey) {',
    "            if (!str_starts_with($publicKey, 'whpk_')) {",
    '                continue;',
    '            }',
    "            $key = base64_decode(substr($publicKey, strlen('whpk_')));",
    `            if (sodium_crypto_sign_verify_detached(${decode}($match[1]), $signed, $key)) {`,
    '                return true;',
    '            }',
    '        }',
    '    }',
    '    return false;',
    '}',
  );
}
