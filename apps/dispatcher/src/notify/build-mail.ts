import { encodeTypeId } from '@posthorn/domain/type-id';
import type { DueNotification } from '@posthorn/store/engine/claim-notifications';
import type { Mail, MailPart } from './mail-parts.ts';
import { renderMail } from './render-mail.ts';

/** Of a response body, a mail shows this much. */
const MAX_BODY_CHARACTERS = 500;
const LINE_BREAK = /\r\n?|[\n\u2028\u2029]/g;
/** Moves the cursor, is half a character, or turns the direction of writing; tenants and receivers wrote these texts. */
const MISLEADING = /[^\P{Cc}\n\t]|\p{Cs}|[\u202A-\u202E\u2066-\u2069]/gu;

const printable = (text: string): string => text.replaceAll(LINE_BREAK, '\n').replaceAll(MISLEADING, '\uFFFD');
/** On one line, so that a value cannot look like further facts. */
const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim();

type Fact = readonly [name: string, value: string];

function endpointFacts(notification: DueNotification, endpoint: string): Fact[] {
  const { url, description, kind, reason, createdAt } = notification;
  const described: Fact[] = description === '' ? [] : [['Description', oneLine(description)]];
  return [
    ['Endpoint', endpoint],
    ['URL', oneLine(url)],
    ...described,
    ['Reason', oneLine(reason)],
    [kind === 'endpoint-disabled' ? 'Disabled at' : 'Noticed at', createdAt.toISOString()],
  ];
}

function deliveryFacts({ deliveryId, eventId, type, attempt, responseStatus, error }: DueNotification): Fact[] {
  if (deliveryId === null || eventId === null) return [];
  const answered: Fact[] = responseStatus === null ? [] : [['Last response', `HTTP status ${responseStatus}`]];
  // Of an answer the error only repeats the status.
  const failed: Fact[] = responseStatus === null && error !== null ? [['Last error', oneLine(error)]] : [];
  return [
    ['Delivery', encodeTypeId('delivery', deliveryId)],
    ['Event', `${encodeTypeId('event', eventId)} (${oneLine(type ?? '')})`],
    ...(attempt === null ? [] : [['Attempts', String(attempt)] as const]),
    ...answered,
    ...failed,
  ];
}

function bodyParts({ responseBody }: DueNotification): MailPart[] {
  if (responseBody === null || responseBody.trim() === '') return [];
  const characters = Array.from(printable(responseBody));
  const shown = characters.slice(0, MAX_BODY_CHARACTERS).join('');
  const more = characters.length > MAX_BODY_CHARACTERS;
  return [
    { kind: 'text', text: more ? `Its body began, up to ${MAX_BODY_CHARACTERS} characters:` : 'Its body:' },
    { kind: 'verbatim', text: shown },
  ];
}

function recoveryParts({ deliveryCreatedAt, createdAt }: DueNotification, endpoint: string): MailPart[] {
  const since = (deliveryCreatedAt ?? createdAt).toISOString();
  return [
    { kind: 'text', text: 'To enable it again, press Enable in the console, or send:' },
    { kind: 'verbatim', text: `PATCH /v1/webhook-endpoints/${endpoint}\n{"status":"enabled"}` },
    {
      kind: 'text',
      text:
        'Events that come until then are kept: their deliveries read "skipped", and those that were still open read ' +
        '"cancelled". Neither is sent by itself afterwards. Once the endpoint is enabled, recover them together or ' +
        'replay single ones, in the console or with:',
    },
    {
      kind: 'verbatim',
      text:
        `POST /v1/webhook-endpoints/${endpoint}/recover\n{"since":"${since}"}\n\n` +
        'POST /v1/webhook-deliveries/{id}/replay',
    },
  ];
}

const testingParts = (endpoint: string): MailPart[] => [
  {
    kind: 'text',
    text:
      'It is still enabled, and failed deliveries are tried again as ever. When you have mended it, send it a test event ' +
      'in the console, or with:',
  },
  { kind: 'verbatim', text: `POST /v1/webhook-endpoints/${endpoint}/test` },
];

/** What differs between the kinds of mail. */
const words = {
  'endpoint-disabled': {
    title: 'was disabled',
    news: 'a webhook endpoint of yours was disabled. Nothing is sent to it any more.',
    delivery: 'The delivery that led to it:',
  },
  'endpoint-failing': {
    title: 'keeps failing',
    news: 'every attempt to deliver to a webhook endpoint of yours has failed for some time.',
    delivery: 'A delivery that waits for it:',
  },
};

/** The mail that tells a tenant what became of its endpoint. Its subject holds nothing that anyone else wrote. */
export function buildMail(notification: DueNotification): Mail {
  const endpoint = encodeTypeId('endpoint', notification.endpointId);
  const delivery = deliveryFacts(notification);
  const { title, news, delivery: lead } = words[notification.kind];
  const parts: MailPart[] = [
    { kind: 'text', text: `Hello ${oneLine(notification.tenantName)},` },
    { kind: 'text', text: news },
    { kind: 'facts', facts: endpointFacts(notification, endpoint) },
    ...(delivery.length === 0
      ? []
      : [{ kind: 'text', text: lead } as const, { kind: 'facts', facts: delivery } as const]),
    ...bodyParts(notification),
    ...(notification.kind === 'endpoint-disabled' ? recoveryParts(notification, endpoint) : testingParts(endpoint)),
  ];
  return { subject: `Webhook endpoint ${endpoint} ${title}`, ...renderMail(parts) };
}
