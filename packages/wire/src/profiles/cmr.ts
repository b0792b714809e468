import { edge, type Lifecycle } from '../lifecycle.ts';
import type { EventType, Profile } from '../profile.ts';

type Fields = Readonly<Record<string, unknown>>;

const text = (description: string) => ({ type: 'string', minLength: 1, description });

/** Stands in every event's data (seed 001, "Webhook Structure"). */
const common = {
  userId: text('The customer.'),
  userEmail: text('The customer’s address.'),
  orderId: text('The order that this belongs to.'),
};
const commonSample = {
  userId: 'PWM7Y25RYZ450YNM8K8FX9GK5AHX',
  userEmail: 'johndoe@company.com',
  orderId: 'NQ682GAVFTMYC2H6C87PPKPG5WXV',
};
const domain = text('The domain that this is about.');

function eventType(
  name: string,
  description: string,
  sample: Fields,
  properties: Fields = {},
  required: readonly string[] = [],
): EventType {
  return {
    name,
    description,
    schema: {
      type: 'object',
      required: [...Object.keys(common), ...required],
      properties: { ...common, ...properties },
    },
    sample: { ...commonSample, ...sample },
  };
}

const mailbox = {
  mailboxId: 'MBX4T7QJZ0R2V9KD8N1S',
  email: 'jane@acme-mail.example',
  firstName: 'Jane',
  lastName: 'Doe',
  domain: 'acme-mail.example',
  provider: 'google',
};
const credentials = {
  password: 'correct-horse-battery',
  imapHost: 'imap.acme-mail.example',
  smtpHost: 'smtp.acme-mail.example',
};
const subscription = { subscriptionId: 'SUB8C1PZ6M3W', domain: 'acme-mail.example', term: 'monthly' };

/** A domain is registered, then its mailboxes are made; when the domain fails, nothing follows. */
const order: Lifecycle = {
  name: 'order',
  subject: 'orderId',
  states: ['placed', 'domain_registered', 'mailboxes_provisioned', 'domain_failed', 'mailboxes_failed'],
  edges: [
    edge('placed', 'domain_registered', 'domain.order.success'),
    edge('placed', 'domain_failed', 'domain.order.failed'),
    {
      from: 'domain_registered',
      to: 'mailboxes_provisioned',
      events: [{ type: 'mailbox.order.success' }, { type: 'mailbox.created', forEach: 'mailboxes' }],
    },
    edge('domain_registered', 'mailboxes_failed', 'mailbox.order.failed'),
  ],
  metersFirst: [],
  metersEntering: {},
};

const subscriptionLifecycle: Lifecycle = {
  name: 'subscription',
  subject: 'The subscription’s id.',
  states: ['active', 'renewing', 'renewal_failed', 'cancelled'],
  edges: [
    edge('active', 'renewing'),
    edge('renewing', 'active', 'subscription.renewal.success'),
    edge('renewing', 'renewal_failed', 'subscription.renewal.failed'),
    edge('renewal_failed', 'renewing'),
    edge('active', 'cancelled', 'subscription.cancelled'),
    edge('renewal_failed', 'cancelled', 'subscription.cancelled'),
  ],
  metersFirst: [],
  metersEntering: {},
};

/** One per domain of an order, so that some may succeed while others fail. */
const prewarmup: Lifecycle = {
  name: 'prewarmup',
  subject: 'orderId:domain',
  states: ['ordered', 'assigned', 'failed'],
  edges: [edge('ordered', 'assigned', 'prewarmup.order.success'), edge('ordered', 'failed', 'prewarmup.order.failed')],
  metersFirst: [],
  metersEntering: {},
};

/** A mailbox reseller's webhooks: seed 001. */
export const cmr: Profile = {
  name: 'cmr',
  eventTypes: [
    eventType('domain.order.success', 'Domain successfully registered.', { domain: 'acme-mail.example' }, { domain }),
    eventType(
      'domain.order.failed',
      'Domain registration failed.',
      { domain: 'acme-mail.example', reason: 'The registrar refused the domain' },
      { domain },
    ),
    eventType('mailbox.order.success', 'Mailbox provisioning succeeded.', {
      domain: 'acme-mail.example',
      mailboxes: [mailbox],
    }),
    eventType('mailbox.order.failed', 'Mailbox provisioning failed.', {
      domain: 'acme-mail.example',
      reason: 'The provider is not reachable',
    }),
    eventType('mailbox.created', 'Individual mailbox is ready.', { ...mailbox, ...credentials }),
    eventType('mailbox.updated', 'User updates mailbox details.', { ...mailbox, firstName: 'Janet' }),
    eventType('subscription.renewal.success', 'Subscription renewed successfully.', {
      ...subscription,
      renewedUntil: '2026-05-03T00:00:00Z',
    }),
    eventType('subscription.renewal.failed', 'Renewal blocked by domain status.', {
      ...subscription,
      domainStatus: 'GRACE_PERIOD',
    }),
    eventType('subscription.cancelled', 'User cancels auto-renewal.', {
      ...subscription,
      endsAt: '2026-05-03T00:00:00Z',
    }),
    eventType(
      'prewarmup.order.success',
      'Pre-warmed accounts assigned.',
      { domain: 'domain-a.example', mailboxes: [{ ...mailbox, ...credentials, domain: 'domain-a.example' }] },
      { domain },
      ['domain'],
    ),
    eventType(
      'prewarmup.order.failed',
      'Pre-warmup assignment failed.',
      { domain: 'domain-b.example', reason: 'No pool available' },
      { domain },
      ['domain'],
    ),
  ],
  envelope: [
    { key: 'event', from: 'type' },
    { key: 'eventId', from: 'event_id' },
    { key: 'data', from: 'data' },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'hex',
    signed: '{body}',
    secretFormat: 'utf8',
    header: 'cmr-x-signature',
    format: '{signature}',
    keyPair: null,
    lead: '',
    rotation: 'next-header',
    separator: '',
    headers: [{ name: 'cmr-x-timestamp', from: 'timestamp' }],
  },
  attempts: 3,
  waitsMinutes: [0.5, 5],
  waitCapMinutes: 60,
  jitter: 0,
  timeoutMs: 60_000,
  onExhausted: 'fail',
  goneDisables: false,
  keepsRetryAfter: true,
  /** "Webhook delivery is throttled to prevent overwhelming your service"; the seed gives no number. */
  ratePerSecond: 50,
  pair: null,
  lifecycles: [order, subscriptionLifecycle, prewarmup],
};
