import { edge, type Lifecycle } from '../lifecycle.ts';
import type { EventType, Profile } from '../profile.ts';

const hostname = { type: 'string', minLength: 1, description: 'The hostname that the connection serves.' };

const hostnameSchema = { type: 'object', required: ['hostname'], properties: { hostname } };

const hostnameEvent = (name: string, description: string): EventType => ({
  name,
  description,
  schema: hostnameSchema,
  sample: { hostname: 'app.customer.example' },
});

/** Seed 003's ConnectionState, in the order in which a connection usually goes through them. */
const states = [
  'created',
  'pending_ownership',
  'verifying',
  'verified',
  'dns_writing',
  'propagating',
  'stalled',
  'issuing_cert',
  'live',
  'drifted',
  'failed',
  'archived',
] as const;

/** A connection on its way to live. Its subject is the connection's id, which is the events' `jobId`. */
const connection: Lifecycle = {
  name: 'connection',
  subject: 'The connection’s id; it is the events’ jobId.',
  states: [...states],
  edges: [
    edge('created', 'pending_ownership'),
    edge('created', 'propagating', 'domain.added'),
    edge('pending_ownership', 'verifying'),
    edge('pending_ownership', 'verified', 'domain.verified'),
    edge('verifying', 'verified', 'domain.verified'),
    edge('verified', 'dns_writing'),
    edge('verified', 'propagating'),
    edge('dns_writing', 'propagating'),
    edge('propagating', 'stalled'),
    edge('stalled', 'propagating'),
    edge('propagating', 'issuing_cert'),
    edge('propagating', 'live', 'ssl.issued'),
    edge('issuing_cert', 'live', 'ssl.issued'),
    edge('live', 'drifted', 'domain.drift'),
    edge('drifted', 'live', 'ssl.issued'),
    ...states.filter((state) => state !== 'failed' && state !== 'archived').map((state) => edge(state, 'failed')),
    ...states.filter((state) => state !== 'archived').map((state) => edge(state, 'archived')),
  ],
  metersFirst: ['connect'],
  metersEntering: { live: ['active_domain', 'cert'] },
};

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
    signed: '{timestamp}.{body}',
    secretFormat: 'utf8',
    header: 'X-CD-Signature',
    format: 'sha256={signature}',
    keyPair: null,
    lead: '',
    rotation: 'next-header',
    separator: '',
    headers: [{ name: 'X-CD-Timestamp', from: 'timestamp' }],
  },
  attempts: 6,
  waitsMinutes: [1, 2, 4, 8, 16],
  waitCapMinutes: 60,
  jitter: 0,
  timeoutMs: 5_000,
  onExhausted: 'fail',
  goneDisables: false,
  keepsRetryAfter: true,
  ratePerSecond: null,
  pair: { types: ['ssl.issued', 'domain.flow.completed'], endedBy: 'domain.drift' },
  lifecycles: [connection],
};
