import type { EventType, Profile } from '../profile.ts';

const text = (description: string) => ({ type: 'string', minLength: 1, description });

function serverEvent(name: string, description: string, status: string, more: object = {}): EventType {
  return {
    name,
    description,
    schema: {
      type: 'object',
      required: ['server_id'],
      properties: {
        server_id: text('The server, srv_….'),
        name: { type: 'string', description: 'The server’s name.' },
        status: { type: 'string', description: 'The server’s state after the event.' },
        ip: { type: 'string', description: 'The server’s address.' },
      },
    },
    sample: { server_id: 'srv_abc123', name: 'production-web-01', status, ip: '192.168.1.100', ...more },
  };
}

function billingEvent(name: string, description: string, sample: Readonly<Record<string, unknown>>): EventType {
  return {
    name,
    description,
    schema: {
      type: 'object',
      properties: {
        payment_id: { type: 'string', description: 'The payment, pay_….' },
        subscription_id: { type: 'string', description: 'The subscription, sub_….' },
        amount: { type: 'number', description: 'In the smallest unit of the currency.' },
        currency: { type: 'string', description: 'ISO 4217.' },
      },
    },
    sample,
  };
}

const payment = { payment_id: 'pay_def456', subscription_id: 'sub_ghi789', amount: 2_400, currency: 'USD' };

/** A hosting provider's webhooks: seed 002. */
export const cdhosting: Profile = {
  name: 'cdhosting',
  eventTypes: [
    serverEvent('server.created', 'New server provisioned.', 'provisioning'),
    serverEvent('server.started', 'Server powered on.', 'running'),
    serverEvent('server.stopped', 'Server powered off.', 'stopped'),
    serverEvent('server.rebooted', 'Server rebooted.', 'running'),
    serverEvent('server.error', 'Server encountered an error.', 'error', { error: 'The disk is full' }),
    serverEvent('server.backup.completed', 'Backup finished.', 'running', { backup_id: 'bak_jkl012' }),
    billingEvent('billing.payment.succeeded', 'Payment processed.', payment),
    billingEvent('billing.payment.failed', 'Payment failed.', { ...payment, reason: 'card_declined' }),
    billingEvent('billing.subscription.cancelled', 'Subscription cancelled.', {
      subscription_id: 'sub_ghi789',
      ends_at: '2025-02-15T00:00:00Z',
    }),
  ],
  envelope: [
    { key: 'id', from: 'event_id' },
    { key: 'type', from: 'type' },
    { key: 'created_at', from: 'created_at' },
    { key: 'data', from: 'data' },
  ],
  signature: {
    algorithm: 'hmac-sha256',
    encoding: 'hex',
    signed: '{body}',
    secretFormat: 'utf8',
    header: 'X-Webhook-Signature',
    format: '{signature}',
    keyPair: null,
    lead: '',
    rotation: 'next-header',
    separator: '',
    headers: [],
  },
  attempts: 5,
  waitsMinutes: [1, 2, 4, 8],
  waitCapMinutes: 60,
  jitter: 0,
  timeoutMs: 10_000,
  onExhausted: 'disable-endpoint',
  goneDisables: false,
  keepsRetryAfter: true,
  ratePerSecond: null,
  pair: null,
  lifecycles: [],
};
