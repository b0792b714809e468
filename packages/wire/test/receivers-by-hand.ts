import { createHmac } from 'node:crypto';

type Headers = Readonly<Record<string, string>>;

/** Whether a receiver takes a request for authentic. */
export type ReceiverByHand = (headers: Headers, body: string, secret: string) => boolean;

const hex = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex');

/** A list of `v1,<base64>` with spaces between, under the key that the secret's base64 stands for. */
function hasListed(list: string | undefined, secret: string, text: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const wanted = createHmac('sha256', key).update(text, 'utf8').digest('base64');
  return (list ?? '').split(' ').some((each) => each === `v1,${wanted}`);
}

/** What receivers write who have read the documentation of their profile and nothing of this package. */
export const receiversByHand: Readonly<Record<string, ReceiverByHand>> = {
  'connect-domain': (headers, body, secret) =>
    headers['X-CD-Signature'] === `sha256=${hex(secret, `${headers['X-CD-Timestamp']}.${body}`)}`,
  cmr: (headers, body, secret) =>
    headers['cmr-x-signature'] === hex(secret, body) && /^\d+$/.test(headers['cmr-x-timestamp'] ?? ''),
  cdhosting: (headers, body, secret) => headers['X-Webhook-Signature'] === hex(secret, body),
  'tenant-quickstart': (headers, body, secret) =>
    headers['X-Webhook-Signature'] === hex(secret, body) && headers['X-Webhook-Id']?.startsWith('dlv_') === true,
  'standard-webhooks': (headers, body, secret) =>
    hasListed(headers['webhook-signature'], secret, `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`),
  stripe: (headers, body, secret) => {
    const pairs = (headers['Stripe-Signature'] ?? '').split(',').map((pair) => pair.split('='));
    const valuesOf = (wanted: string) => pairs.filter(([name]) => name === wanted).map(([, value]) => value);
    return valuesOf('v1').includes(hex(secret, `${valuesOf('t')[0]}.${body}`));
  },
  github: (headers, body, secret) => headers['X-Hub-Signature-256'] === `sha256=${hex(secret, body)}`,
  shopify: (headers, body, secret) =>
    headers['X-Shopify-Hmac-Sha256'] === createHmac('sha256', secret).update(body).digest('base64'),
  slack: (headers, body, secret) =>
    headers['X-Slack-Signature'] === `v0=${hex(secret, `v0:${headers['X-Slack-Request-Timestamp']}:${body}`)}`,
  svix: (headers, body, secret) =>
    hasListed(headers['svix-signature'], secret, `${headers['svix-id']}.${headers['svix-timestamp']}.${body}`),
};

/** Headers as node:http gives them, to be read in any case of letters. */
export const inAnyCase = (headers: Readonly<Record<string, unknown>>): Headers =>
  new Proxy({}, { get: (_, name) => headers[String(name).toLowerCase()] });
