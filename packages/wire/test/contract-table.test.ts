import { describe, expect, test } from '@jest/globals';
import { buildEnvelope } from '../src/build-envelope.ts';
import { connectDomain } from '../src/profiles/connect-domain.ts';
import { findProfile, profiles } from '../src/profiles.ts';
import { sign } from '../src/sign.ts';
import { anAttempt } from './an-attempt.ts';
import { anEvent } from './an-event.ts';

interface Row {
  readonly body: string[];
  readonly headers: string[];
  readonly signed: string;
  readonly attempts: number;
  readonly waitsSeconds: number[];
  readonly jitter: number;
  readonly capMinutes: number;
  readonly timeoutSeconds: number;
  readonly onExhausted: 'fail' | 'disable-endpoint';
  readonly goneDisables: boolean;
}

const standardSchedule: Omit<Row, 'body' | 'headers' | 'signed'> = {
  attempts: 8,
  waitsSeconds: [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
  jitter: 0.2,
  capMinutes: 600,
  timeoutSeconds: 20,
  onExhausted: 'fail',
  goneDisables: true,
};
const plain = { jitter: 0, capMinutes: 60, onExhausted: 'fail', goneDisables: false } as const;

// What the contracts promise, written by hand from the seeds and the specification; not derived from the profiles.
const contract: Record<string, Row> = {
  'connect-domain': {
    ...plain,
    body: ['type', 'jobId', 'data', 'sent_at'],
    headers: ['X-CD-Timestamp', 'X-CD-Signature'],
    signed: '{timestamp}.{body}',
    attempts: 6,
    waitsSeconds: [60, 120, 240, 480, 960],
    timeoutSeconds: 5,
  },
  cmr: {
    ...plain,
    body: ['event', 'eventId', 'data'],
    headers: ['cmr-x-timestamp', 'cmr-x-signature'],
    signed: '{body}',
    attempts: 3,
    waitsSeconds: [30, 300],
    timeoutSeconds: 60,
  },
  cdhosting: {
    ...plain,
    body: ['id', 'type', 'created_at', 'data'],
    headers: ['X-Webhook-Signature'],
    signed: '{body}',
    attempts: 5,
    waitsSeconds: [60, 120, 240, 480],
    timeoutSeconds: 10,
    onExhausted: 'disable-endpoint',
  },
  'tenant-quickstart': {
    ...plain,
    body: ['id', 'type', 'data', 'created_at', 'aggregate_version'],
    headers: ['X-Webhook-Id', 'X-Webhook-Signature'],
    signed: '{body}',
    attempts: 6,
    waitsSeconds: [60, 120, 240, 480, 960],
    timeoutSeconds: 10,
  },
  'standard-webhooks': {
    ...standardSchedule,
    body: ['type', 'timestamp', 'data'],
    headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    signed: '{event_id}.{timestamp}.{body}',
  },
  stripe: {
    ...standardSchedule,
    body: ['id', 'object', 'created', 'type', 'data'],
    headers: ['Stripe-Signature'],
    signed: '{timestamp}.{body}',
  },
  github: {
    ...standardSchedule,
    body: ['hostname'],
    headers: ['X-GitHub-Event', 'X-GitHub-Delivery', 'X-Hub-Signature-256'],
    signed: '{body}',
  },
  shopify: {
    ...standardSchedule,
    body: ['hostname'],
    headers: ['X-Shopify-Topic', 'X-Shopify-Webhook-Id', 'X-Shopify-Event-Id', 'X-Shopify-Hmac-Sha256'],
    signed: '{body}',
  },
  slack: {
    ...standardSchedule,
    body: ['type', 'event_id', 'event_time', 'event_type', 'event'],
    headers: ['X-Slack-Request-Timestamp', 'X-Slack-Signature'],
    signed: 'v0:{timestamp}:{body}',
  },
  svix: {
    ...standardSchedule,
    body: ['hostname'],
    headers: ['svix-id', 'svix-timestamp', 'svix-signature'],
    signed: '{event_id}.{timestamp}.{body}',
  },
};

test('Every built-in profile stands in the table, in its order', () => {
  expect(Object.keys(contract)).toEqual(profiles.map(({ name }) => name));
});

describe.each(Object.entries(contract))('Profile %s keeps its contract', (name, row) => {
  const profile = findProfile(name) ?? connectDomain;

  test('body: these keys, in this order', () => {
    const body = JSON.parse(buildEnvelope(profile, anEvent({ aggregateVersion: 3 }))) as object;
    expect(Object.keys(body)).toEqual(row.body);
  });

  test('headers and what is signed', () => {
    expect(Object.keys(sign(profile.signature, anAttempt()))).toEqual(row.headers);
    expect(profile.signature.signed).toBe(row.signed);
    expect(profile.signature.algorithm).toBe('hmac-sha256');
  });

  test('attempts, waits, their spread and the longest', () => {
    expect(profile.attempts).toBe(row.attempts);
    expect(profile.waitsMinutes.map((minutes) => Math.round(minutes * 60_000) / 1_000)).toEqual(row.waitsSeconds);
    expect(profile.jitter).toBe(row.jitter);
    expect(profile.waitCapMinutes).toBe(row.capMinutes);
    expect(profile.keepsRetryAfter).toBe(true);
  });

  test('timeout, and what follows when attempts are used up or the endpoint is gone', () => {
    expect(profile.timeoutMs).toBe(row.timeoutSeconds * 1_000);
    expect(profile.onExhausted).toBe(row.onExhausted);
    expect(profile.goneDisables).toBe(row.goneDisables);
  });
});

test('Secrets are Standard Webhooks keys where that specification rules, and text everywhere else', () => {
  const withKeys = profiles.filter(({ signature }) => signature.secretFormat === 'whsec').map(({ name }) => name);
  expect(withKeys).toEqual(['standard-webhooks', 'svix']);
});

test('connect-domain alone has a pair, and cmr alone throttles by itself', () => {
  expect(profiles.filter(({ pair }) => pair !== null).map(({ name }) => name)).toEqual(['connect-domain']);
  expect(connectDomain.pair).toEqual({ types: ['ssl.issued', 'domain.flow.completed'], endedBy: 'domain.drift' });
  expect(profiles.filter(({ ratePerSecond }) => ratePerSecond !== null).map(({ name }) => name)).toEqual(['cmr']);
});

test('Catalogs name what the seeds name', () => {
  const namesOf = (name: string) => findProfile(name)?.eventTypes.map((type) => type.name);
  expect(namesOf('connect-domain')).toEqual(
    'domain.added domain.verified ssl.issued domain.flow.completed domain.drift'.split(' '),
  );
  expect(namesOf('cmr')).toEqual(
    [
      'domain.order.success domain.order.failed mailbox.order.success mailbox.order.failed mailbox.created mailbox.updated',
      'subscription.renewal.success subscription.renewal.failed subscription.cancelled',
      'prewarmup.order.success prewarmup.order.failed',
    ].flatMap((names) => names.split(' ')),
  );
  expect(namesOf('cdhosting')).toEqual(
    [
      'server.created server.started server.stopped server.rebooted server.error server.backup.completed',
      'billing.payment.succeeded billing.payment.failed billing.subscription.cancelled',
    ].flatMap((names) => names.split(' ')),
  );
  for (const name of Object.keys(contract).slice(3)) expect(namesOf(name)).toEqual(['webhook.test']);
});
