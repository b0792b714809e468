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
  const { url, description, reason, createdAt } = notification;
  const described: Fact[] = description === '' ? [] : [['Description', oneLine(description)]];
  return [
    ['Endpoint', endpoint],
    ['URL', oneLine(url)],
    ...described,
    ['Reason', oneLine(reason)],
    ['Disabled at', createdAt.toISOString()],
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

/** The mail that tells a tenant that its endpoint was disabled. Its subject holds nothing that anyone else wrote. */
export function buildMail(notification: DueNotification): Mail {
  const endpoint = encodeTypeId('endpoint', notification.endpointId);
  const delivery = deliveryFacts(notification);
  const parts: MailPart[] = [
    { kind: 'text', text: `Hello ${oneLine(notification.tenantName)},` },
    { kind: 'text', text: 'a webhook endpoint of yours was disabled. Nothing is sent to it any more.' },
    { kind: 'facts', facts: endpointFacts(notification, endpoint) },
    ...(delivery.length === 0
      ? []
      : [{ kind: 'text', text: 'The delivery that led to it:' } as const, { kind: 'facts', facts: delivery } as const]),
    ...bodyParts(notification),
    ...recoveryParts(notification, endpoint),
  ];
  return { subject: `Webhook endpoint ${endpoint} was disabled`, ...renderMail(parts) };
}
