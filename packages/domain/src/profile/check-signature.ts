import { placeholdersOf } from '@posthorn/wire/fill-template';
import type { SignatureScheme } from '@posthorn/wire/profile';
import { nextSignatureHeader } from '@posthorn/wire/sign';
import { type ProfileProblem, problemIf } from './profile-problem.ts';

const SIGNED = ['body', 'timestamp', 'event_id', 'delivery_id'];
const HEADER_NAME = /^[A-Za-z0-9-]{1,64}$/;
const VISIBLE = /^[\x21-\x7e]*$/;
/** A separator stands between signatures and must never occur in one. */
const SEPARATOR = /^[ ,;]?$/;
/** Headers of the connection or of every delivery (contract, section 4); a profile's may not replace them. */
const RESERVED =
  /^(content-.*|x-posthorn-.*|proxy-.*|host|connection|keep-alive|te|trailers?|transfer-encoding|upgrade|http2-settings|user-agent|accept-encoding|expect|date|cookie|via|forwarded|x-forwarded-.*)$/i;

function checkSigned({ signed, headers, lead }: SignatureScheme): ProfileProblem[] {
  const used = placeholdersOf(signed);
  const unknown = used.find((name) => !SIGNED.includes(name));
  const sent = new Set<string>([...headers.map(({ from }) => from), ...placeholdersOf(lead)]);
  const unsent = used.find((name) => name !== 'body' && SIGNED.includes(name) && !sent.has(name));
  const path = 'signature.signed';
  return [
    ...problemIf(!used.includes('body'), path, 'must contain {body}'),
    ...problemIf(
      unknown !== undefined,
      path,
      `knows no {${unknown}}; use ${SIGNED.map((name) => `{${name}}`).join(', ')}`,
    ),
    ...problemIf(
      unsent !== undefined,
      path,
      `uses {${unsent}}, which no header sends: add {"name": "…", "from": "${unsent}"} to signature.headers`,
    ),
  ];
}

const holdsOnce = (template: string, name: string): boolean => placeholdersOf(template).join() === name;

function checkValue({ format, lead, separator, rotation }: SignatureScheme): ProfileProblem[] {
  const fixed = [format, lead].map((template) => template.replaceAll(/\{\w+\}/g, ''));
  const [formatText = '', leadText = ''] = fixed;
  return [
    ...problemIf(
      !holdsOnce(format, 'signature'),
      'signature.format',
      'must contain {signature} once and nothing else in braces',
    ),
    ...problemIf(!VISIBLE.test(formatText), 'signature.format', 'must be visible ASCII'),
    ...problemIf(
      lead !== '' && !holdsOnce(lead, 'timestamp'),
      'signature.lead',
      'must be empty or contain {timestamp} once',
    ),
    ...problemIf(!VISIBLE.test(leadText), 'signature.lead', 'must be visible ASCII'),
    ...problemIf(!SEPARATOR.test(separator), 'signature.separator', 'must be empty, a space, a comma or a semicolon'),
    ...problemIf(
      separator === '' && (lead !== '' || rotation === 'list'),
      'signature.separator',
      'must not be empty: a lead, or the rotation list, puts several parts into one header',
    ),
    ...problemIf(
      separator !== '' && (formatText + leadText).includes(separator),
      'signature.separator',
      'must not occur in signature.format or signature.lead',
    ),
  ];
}

function checkKeyPair({ keyPair, secretFormat, format, separator }: SignatureScheme): ProfileProblem[] {
  if (keyPair === null) return [];
  const path = 'signature.key_pair.format';
  const fixed = keyPair.format.replaceAll(/\{\w+\}/g, '');
  return [
    ...problemIf(
      secretFormat !== 'whsec',
      'signature.key_pair',
      'needs the secret_format whsec: prefixes tell key pairs from secrets',
    ),
    ...problemIf(
      !holdsOnce(keyPair.format, 'signature'),
      path,
      'must contain {signature} once and nothing else in braces',
    ),
    ...problemIf(!VISIBLE.test(fixed), path, 'must be visible ASCII'),
    ...problemIf(
      keyPair.format === format,
      path,
      'must not be signature.format: receivers could not tell which of the two signed',
    ),
    ...problemIf(separator !== '' && fixed.includes(separator), path, 'must not contain signature.separator'),
  ];
}

function checkNames(scheme: SignatureScheme): ProfileProblem[] {
  const names = [
    { path: 'signature.header', name: scheme.header },
    { path: 'signature.header', name: nextSignatureHeader(scheme) },
    ...scheme.headers.map(({ name }, index) => ({ path: `signature.headers.${index}.name`, name })),
  ];
  const lower = names.map(({ name }) => name.toLowerCase());
  return names.flatMap(({ path, name }, index) => [
    ...problemIf(!HEADER_NAME.test(name), path, 'must be 1 to 64 letters, digits and dashes, with room for -Next'),
    ...problemIf(
      RESERVED.test(name),
      path,
      `must not be ${name}, which belongs to the connection or to every delivery`,
    ),
    ...problemIf(lower.indexOf(name.toLowerCase()) < index, path, `must not be ${name}, which stands there already`),
  ]);
}

/** Whether a receiver can verify what this scheme signs. */
export const checkSignature = (scheme: SignatureScheme): ProfileProblem[] => [
  ...checkSigned(scheme),
  ...checkValue(scheme),
  ...checkKeyPair(scheme),
  ...checkNames(scheme),
];
