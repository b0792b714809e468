import type { Profile } from '@posthorn/http-api/profile';

export type Scheme = Profile['signature'];

/** How far a receiver lets a timestamp be off; the verifiers in the docs and `@posthorn/wire` have the same. */
export const TOLERANCE_SECONDS = 300;

const sourceWords: Readonly<Record<Scheme['headers'][number]['from'], string>> = {
  timestamp: 'when the attempt was made, in unix seconds',
  event_id: 'the event’s id, the same in retries and replays',
  delivery_id: 'the delivery’s id',
  delivery_uuid: 'the delivery’s id as a UUID',
  type: 'the event’s type',
};

/** A header that a delivery carries because of its signature. */
export interface SchemeHeader {
  readonly name: string;
  readonly holds: string;
}

function signatureOf({ lead, format, separator }: Scheme): string {
  const one = format.replace('{signature}', '…');
  return lead === '' ? one : [lead.replace('{timestamp}', '<unix seconds>'), one].join(separator);
}

/** The headers that a receiver needs to verify a delivery. */
export function schemeHeaders(scheme: Scheme): SchemeHeader[] {
  const { header, headers, rotation, separator } = scheme;
  const both =
    rotation === 'list'
      ? `; while a secret is rotated it holds two, apart by ${separator === ' ' ? 'a space' : `“${separator}”`}`
      : '';
  return [
    ...headers.map(({ name, from }) => ({ name, holds: sourceWords[from] })),
    { name: header, holds: `the signature, as ${signatureOf(scheme)}${both}` },
    ...(rotation === 'next-header'
      ? [{ name: `${header}-Next`, holds: 'while a secret is rotated: the signature under the new one' }]
      : []),
  ];
}

const sends = (scheme: Scheme, from: 'timestamp'): boolean =>
  scheme.lead.includes(`{${from}}`) || scheme.headers.some((field) => field.from === from);

function explainTime(scheme: Scheme): string {
  if (!sends(scheme, 'timestamp')) {
    return 'No time is sent, so an old delivery that somebody caught looks like a new one: keep the ids that you have handled.';
  }
  const checked = `Refuse what is more than ${TOLERANCE_SECONDS} seconds off your clock.`;
  return scheme.signed.includes('{timestamp}')
    ? `The time is signed. ${checked}`
    : `The time is sent, but not signed: whoever caught a delivery can give it a new one. ${checked}`;
}

/** What a receiver must know to verify this scheme, a sentence or two each. */
export function explainScheme(scheme: Scheme): { readonly title: string; readonly text: string }[] {
  const pair = scheme.key_pair ? ' Endpoints with a key pair sign the same text with Ed25519.' : '';
  return [
    {
      title: 'Method',
      text: `HMAC-SHA256, written in ${scheme.encoding}.${pair}`,
    },
    {
      title: 'Key',
      text:
        scheme.secret_format === 'whsec'
          ? 'The bytes behind whsec_ in the signing secret, decoded from base64.'
          : 'The signing secret’s text as it stands, in UTF-8.',
    },
    {
      title: 'Body',
      text: 'The raw bytes that arrived. A body that was parsed and written again has other bytes, and no signature will hold.',
    },
    { title: 'Time', text: explainTime(scheme) },
  ];
}
