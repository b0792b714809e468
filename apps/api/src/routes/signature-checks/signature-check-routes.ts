import { checkSignatureBody, signatureDiagnosis } from '@posthorn/http-api/signature-check';
import { defineRoute, type Route } from '../define-route.ts';
import { postSignatureCheck } from './check-signature.ts';

/** Why a receiver accepts a delivery, or does not. */
export const signatureCheckRoutes: readonly Route[] = [
  defineRoute({
    tag: 'Signatures',
    access: 'tenant',
    scope: 'webhooks:read',
    method: 'post',
    path: '/v1/signature-checks',
    operationId: 'checkSignature',
    summary: 'Find out why a signature does not hold',
    description: 'Verifies a request as its receiver should, and says what is wrong with it. Changes nothing.',
    body: checkSignatureBody,
    answers: { 200: { description: 'What was found.', schema: signatureDiagnosis } },
    handle: postSignatureCheck,
  }),
];
