import type { EventType, Profile } from '../profile.ts';

const hostname = { type: 'string', minLength: 1, description: 'The hostname that the connection serves.' };

const hostnameSchema = { type: 'object', required: ['hostname'], properties: { hostname } };

const hostnameEvent = (name: string, description: string): EventType => ({
  name,
  description,
  schema: hostnameSchema,
  sample: { hostname: 'app.customer.example' },
});

/** Connect Domain's webhooks: seeds 000 and 003. */
export const connectDomain: Profile = {
  name: 'connect-domain',
  eventTypes: [
    {
      name: 'domain.added',
      description: 'A delegated automatic write succeeded when the connection was created; it is propagating.',
      schema: {
        type: 'object',
        required: ['hostname', 'setup_type'],
        properties: { hostname, setup_type: { type: 'string', description: 'How the records were set up.' } },
      },
      sample: { hostname: 'app.customer.example', setup_type: 'automatic' },
    },
    hostnameEvent('domain.verified', 'The ownership TXT record was confirmed; the connection is verified.'),
    hostnameEvent('ssl.issued', 'All records propagated and the certificate is in place; the connection is live.'),
    hostnameEvent('domain.flow.completed', 'Fires together with ssl.issued when the connection goes live.'),
    hostnameEvent('domain.drift', "A live domain's records stopped resolving correctly; the connection has drifted."),
  ],
  envelope: [
    { key: 'type', from: 'type' },
    { key: 'jobId', from: 'job_id' },
    { key: 'data', from: 'data' },
    { key: 'sent_at', from: 'created_at' },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'hex',
    signed: ['timestamp', 'body'],
    secretFormat: 'utf8',
    signatureHeader: 'X-CD-Signature',
    signaturePrefix: 'sha256=',
    timestampHeader: 'X-CD-Timestamp',
    idHeader: null,
    rotation: 'next-header',
  },
  attempts: 6,
  waitsMinutes: [1, 2, 4, 8, 16],
  waitCapMinutes: 60,
  jitter: 0,
  timeoutMs: 5_000,
  onExhausted: 'fail',
  goneDisables: false,
  pair: { types: ['ssl.issued', 'domain.flow.completed'], endedBy: 'domain.drift' },
};
