import { describe, expect, test } from '@jest/globals';
import type { DueNotification } from '@posthorn/store/engine/claim-notifications';
import fc from 'fast-check';
import { buildMail } from '../src/notify/build-mail.ts';

const ENDPOINT = 'ep_01kbgtqjxgfnp9a4hyxfgpjnqr';
const base: DueNotification = {
  id: '019ae1a9-4bb0-7d6c-9512-3eebe1695777',
  tries: 1,
  ageMs: 5,
  kind: 'endpoint-disabled',
  reason: 'A delivery failed 5 times',
  createdAt: new Date('2026-05-04T03:02:01.000Z'),
  tenantId: '019ae1a9-4bb0-7d6c-9512-3eebe1695770',
  tenantName: 'Acme',
  email: 'ops@acme.example',
  endpointId: '019ae1ab-cbb0-7d6c-9512-3eebe16956f8',
  url: 'https://acme.example/hooks?a=1',
  description: 'Production',
  deliveryId: '019ae1a9-4bb0-7d6c-9512-3eebe1695772',
  deliveryCreatedAt: new Date('2026-05-04T02:00:00.000Z'),
  eventId: '019ae1a9-4bb0-7d6c-9512-3eebe1695773',
  type: 'server.started',
  attempt: 5,
  responseStatus: 503,
  responseBody: 'over capacity',
  error: 'Answered 503',
};
const build = (over: Partial<DueNotification> = {}) => buildMail({ ...base, ...over });

describe('The mail says', () => {
  test('which endpoint, why, and what was answered last, in text and in HTML', () => {
    const { subject, text, html } = build();
    expect(subject).toBe(`Webhook endpoint ${ENDPOINT} was disabled`);
    for (const body of [text, html]) {
      for (const fact of [ENDPOINT, 'Production', base.reason, '503', 'over capacity', 'server.started', 'Acme'])
        expect(body).toContain(fact);
    }
    expect(text).toContain('URL: https://acme.example/hooks?a=1');
    expect(text).toContain('Disabled at: 2026-05-04T03:02:01.000Z');
  });

  test('how to enable it again, and what becomes of events until then', () => {
    const { text } = build();
    expect(text).toContain(`PATCH /v1/webhook-endpoints/${ENDPOINT}\n    {"status":"enabled"}`);
    expect(text).toContain('in the console');
    expect(text).toContain('"skipped"');
    expect(text).toContain(`/${ENDPOINT}/recover\n    {"since":"2026-05-04T02:00:00.000Z"}`);
  });

  test('the network error where nobody answered', () => {
    const { text } = build({ responseStatus: null, responseBody: null, error: 'The connection was refused' });
    expect(text).toContain('Last error: The connection was refused');
    expect(text).not.toContain('Last response');
    expect(text).not.toContain('body');
  });

  test('nothing of a delivery where none led to it, and no description where there is none', () => {
    const none = { deliveryId: null, eventId: null, type: null, attempt: null, responseStatus: null };
    const { text } = build({ ...none, deliveryCreatedAt: null, responseBody: null, error: null, description: '' });
    expect(text).not.toContain('Delivery');
    expect(text).not.toContain('Description');
    expect(text).toContain('{"since":"2026-05-04T03:02:01.000Z"}');
  });

  test('the beginning of a long body, in whole characters', () => {
    const { text } = build({ responseBody: '😀'.repeat(600) });
    expect(text.match(/😀/gu)).toHaveLength(500);
    expect(text).toContain('up to 500 characters');
    expect(() => encodeURIComponent(text)).not.toThrow();
  });
});

describe('What others wrote', () => {
  test('is text in HTML, not markup', () => {
    const { html } = build({
      tenantName: '<b>T</b>',
      description: '"><img src=x onerror=alert(1)>',
      responseBody: "<script>alert('&')</script>",
    });
    expect(html).not.toMatch(/<(b|img|script)\b/);
    expect(html).toContain('&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;');
    expect(html).toContain('&quot;&gt;&lt;img');
  });

  test('cannot pass for a fact of its own', () => {
    const forged = 'x\r\nReason: all is well\u2028URL: https://evil.example';
    const { text } = build({ description: forged, responseBody: forged, tenantName: forged, url: forged });
    expect(text.match(/^Reason:.*$/gm)).toEqual(['Reason: A delivery failed 5 times']);
    expect(text.match(/^URL: https:\/\/evil/gm)).toBeNull();
  });

  test('whatever it is, leaves the subject alone, and only markup of ours and no control character in the bodies', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(anything, anything, anything, anything, (url, description, tenantName, responseBody) => {
        const { subject, text, html } = build({ url, description, tenantName, responseBody });
        expect(subject).toBe(`Webhook endpoint ${ENDPOINT} was disabled`);
        // oxlint-disable-next-line no-control-regex -- these are what must not be there
        expect(`${text}${html}`).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
        const tags = new Set([...html.matchAll(/<(\/?\w+)/g)].map(([, tag]) => tag?.replace('/', '')));
        for (const tag of tags) expect(['html', 'body', 'p', 'table', 'tr', 'th', 'td', 'pre']).toContain(tag);
      }),
    );
  });
});
