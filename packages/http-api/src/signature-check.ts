import { signatureChecks } from '@posthorn/domain/signature/diagnose-signature';
import { z } from 'zod';
import { publicId } from './public-id.ts';
import { storableText } from './text.ts';
import { moment } from './timestamp.ts';

/** As much as a server takes in a request's head. */
const HEADERS_MAX_CHARACTERS = 16_384;
/** Longer than any secret, since something may be pasted along. */
const SECRET_MAX_CHARACTERS = 1_000;

const example = {
  headers: 'X-CD-Signature: sha256=00\nX-CD-Timestamp: 1795000000',
  body: '{"type":"domain.verified"}',
  secret: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0',
};

/** `POST /v1/signature-checks` */
export const checkSignatureBody = z
  .strictObject({
    headers: storableText(0, HEADERS_MAX_CHARACTERS).meta({ description: 'As they came: a line each, `Name: value`.' }),
    body: z.string().meta({ description: 'As it came.' }),
    secret: storableText(1, SECRET_MAX_CHARACTERS)
      .optional()
      .meta({ description: 'What the receiver verifies with; of a key pair the public key. It is not kept.' }),
    endpoint_id: publicId('endpoint')
      .optional()
      .meta({ description: 'In place of `secret`: whatever this endpoint signs with now.' }),
    now: moment.optional().meta({ description: 'When the request arrived; now, unless given.' }),
  })
  .refine(
    ({ secret, endpoint_id: endpoint }) => (secret === undefined) !== (endpoint === undefined),
    'must have either secret or endpoint_id',
  )
  // Not as `examples` of its own: zod leaves those out where a field is transformed.
  .meta({ id: 'CheckSignature', override: { examples: [example] } });

export const signatureDiagnosis = z
  .object({
    verdict: z.enum(['valid', 'invalid']),
    scheme: z.string().nullable().meta({ description: 'The profile whose signature header is there, if any is.' }),
    checks: z
      .array(
        z.object({
          name: z.enum(signatureChecks),
          ok: z.boolean(),
          message: z.string().meta({ description: 'What is wrong, and what to do about it.' }),
        }),
      )
      .meta({ description: 'Those that could be made.' }),
  })
  .meta({ id: 'SignatureDiagnosis' });
