import { placeholdersOf, readTemplate } from '@posthorn/wire/fill-template';
import type { SignatureScheme } from '@posthorn/wire/profile';
import { readBase64 } from '@posthorn/wire/read-base64';
import { planVerifier } from '@posthorn/wire/verifiers/plan-verifier';
import { headerValue, type ReceivedHeaders, readSignatures } from '@posthorn/wire/verify';

/** Signatures that one request may hold: a rotation needs two. */
const MAX_SIGNATURES = 8;
const HMAC_BYTES = 32;
const ED25519_BYTES = 64;
const HEX = /^[0-9a-f]*$/;

/** What the signature header of a request holds, or what is wrong with it or those beside it. */
export type CheckedHeader =
  | {
      readonly ok: true;
      /** The time at which it says it was signed; `undefined`: the scheme sends none. */
      readonly timestamp: string | undefined;
      readonly kinds: { readonly secret: boolean; readonly keyPair: boolean };
    }
  | { readonly ok: false; readonly problem: string };

function isOf(format: string, bytes: number, { encoding }: SignatureScheme, signature: string): boolean {
  const encoded = readTemplate(format, signature) ?? '';
  if (encoding === 'hex') return encoded.length === 2 * bytes && HEX.test(encoded);
  return readBase64('', encoded)?.length === bytes;
}

const showForm = (format: string, { encoding }: SignatureScheme, bytes: number): string =>
  format.replace('{signature}', `<${encoding} of ${bytes} bytes${encoding === 'hex' ? ', in lower case' : ''}>`);

function missingBeside(scheme: SignatureScheme, headers: ReceivedHeaders): string | null {
  const { ids, time, timeIsSigned } = planVerifier(scheme);
  const id = ids.find(({ header }) => headerValue(headers, header) === undefined);
  if (id) return `The header ${id.header} is missing: it is part of what is signed.`;
  if (!time || !('header' in time) || headerValue(headers, time.header) !== undefined) return null;
  const why = timeIsSigned ? 'it is part of what is signed' : 'it says when the delivery was signed';
  return `The header ${time.header} is missing: ${why}.`;
}

/** Whether the headers of a request have the form of a scheme; whose signature it is, is not looked at. */
export function checkHeader(scheme: SignatureScheme, headers: ReceivedHeaders): CheckedHeader {
  const { header, format, keyPair, lead } = scheme;
  const { signatures, timestamp: inHeader } = readSignatures(scheme, headers);
  const problem = (text: string): CheckedHeader => ({ ok: false, problem: text });
  const leadsWithTime = placeholdersOf(lead).includes('timestamp');
  if (leadsWithTime && inHeader === undefined) {
    return problem(`${header} is malformed: it must begin with ${lead.replace('{timestamp}', '<unix seconds>')}.`);
  }
  if (signatures.length > MAX_SIGNATURES) return problem(`${header} holds more than ${MAX_SIGNATURES} signatures.`);
  const kinds = {
    secret: signatures.some((one) => isOf(format, HMAC_BYTES, scheme, one)),
    keyPair: keyPair !== null && signatures.some((one) => isOf(keyPair.format, ED25519_BYTES, scheme, one)),
  };
  if (!kinds.secret && !kinds.keyPair) {
    const form = showForm(format, scheme, HMAC_BYTES);
    return problem(`${header} is malformed: it holds no signature of the form ${form}. Paste it as it came.`);
  }
  const missing = missingBeside(scheme, headers);
  if (missing) return problem(missing);
  const { time } = planVerifier(scheme);
  return { ok: true, kinds, timestamp: time && 'header' in time ? headerValue(headers, time.header) : inHeader };
}
