import { expect, test } from '@jest/globals';
import { attemptOutcomes } from '@posthorn/domain/delivery/attempt-outcome';
import { explainAttempt, shortResult } from '../src/webhooks/deliveries/explain-attempt.ts';
import { explainChoice } from '../src/webhooks/deliveries/explain-choice.ts';
import { explainEnd } from '../src/webhooks/deliveries/explain-end.ts';
import { isCut } from '../src/webhooks/deliveries/show-body.ts';

const answered = (status: number) =>
  explainAttempt({ outcome: 'rejected', response_status: status, error: `Answered ${status}` });
const failed = (error: string) => explainAttempt({ outcome: 'network_error', response_status: null, error });

test('every outcome is a sentence, and every failure says what to do', () => {
  for (const outcome of attemptOutcomes) {
    for (const error of [null, 'Something went wrong']) {
      const { what, todo } = explainAttempt({ outcome, response_status: null, error });
      expect(what).toMatch(/^[A-Z].*\.$/s);
      if (outcome !== 'succeeded') expect(todo).toMatch(/^[A-Z]/);
    }
  }
});

test('a success asks for nothing, also where its body broke off', () => {
  expect(explainAttempt({ outcome: 'succeeded', response_status: 204, error: null })).toEqual({
    what: 'The receiver answered 204: it has the event.',
    todo: null,
  });
  expect(
    explainAttempt({ outcome: 'succeeded', response_status: 200, error: 'Answered 200; its body was cut short' }),
  ).toEqual({ what: 'Answered 200; its body was cut short. The status counts: it has the event.', todo: null });
});

test.each([
  [301, /redirect/, /final/],
  [308, /redirect/, /final/],
  [400, /did not understand/, /answer below/],
  [401, /signature/, /signing secret/],
  [403, /refuses/, /firewall/],
  [404, /nothing at this path/, /path/],
  [405, /no POST/, /POST/],
  [410, /no more/, /enable/],
  [413, /too large/, /limit/],
  [429, /more requests/, /rate limit/],
  [500, /failed while/, /log/],
  [502, /proxy/, /behind the proxy/],
  [503, /overloaded/, /by itself/],
  [504, /too slow/, /afterwards/],
  [418, /refused/, /200 to 299/],
  [599, /error on its side/, /log/],
  [199, /no success/, /200 to 299/],
])('an answer %i is explained', (status, what, todo) => {
  expect(answered(status).what).toContain(String(status));
  expect(answered(status).what).toMatch(what);
  expect(answered(status).todo).toMatch(todo);
});

test.each([
  ['The connection was refused: nothing listens at this address and port (ECONNREFUSED)', /Start the receiver/],
  ["The endpoint's host name does not exist in DNS (ENOTFOUND)", /spelling/],
  ["The endpoint's host name could not be looked up: DNS did not answer (EAI_AGAIN)", /name servers/],
  ['The connection was reset by the receiver before it answered (ECONNRESET)', /cuts connections/],
  ['TLS: the certificate has expired (CERT_HAS_EXPIRED)', /Renew/],
  ['TLS: the certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)', /names the URL’s host/],
  ['TLS: the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)', /ca_certificate/],
  ['TLS: the certificate was issued by an unknown authority (UNABLE_TO_VERIFY_LEAF_SIGNATURE)', /whole chain/],
  ['TLS: the receiver asks for a client certificate (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)', /client_key/],
  [
    'TLS: the receiver says that the client certificate has expired (ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED)',
    /trusts/,
  ],
  ['TLS: the handshake failed; this port does not speak HTTPS (ERR_SSL_WRONG_VERSION_NUMBER)', /plain HTTP/],
  ['TLS: the receiver offers no version that is 1.2 or newer (ERR_SSL_UNSUPPORTED_PROTOCOL)', /1\.2/],
  ['TLS: the handshake failed (ERR_SSL_X)', /openssl/],
  ['The answer is not valid HTTP (HPE_INVALID_CONSTANT)', /valid HTTP/],
  ['The way out to the internet could not be used (POSTHORN_PROXY)', /operator/],
  ['The request failed (EWHATEVER)', /can be reached/],
])('%s', (error, todo) => {
  expect(failed(error)).toEqual({ what: `${error}.`, todo: expect.stringMatching(todo) });
});

test('a row says the status, else the code, else a word', () => {
  expect(shortResult(404, 'Answered 404')).toBe('404');
  expect(shortResult(null, 'The connection was refused (ECONNREFUSED)')).toBe('ECONNREFUSED');
  expect(shortResult(null, 'No answer within 5000 ms')).toBe('timeout');
  expect(shortResult(null, "Not sent: the endpoint's host is a refused address (private)")).toBe('blocked');
  expect(shortResult(null, 'Cancelled on request')).toBe('Cancelled on request');
  expect(shortResult(null, null)).toBeNull();
});

const delivery = { status: 'failed', type: 'a.b', last_error: null, replay_of: null } as const;

test('why an endpoint got an event, or did not', () => {
  expect(explainChoice(delivery, { events: [] })).toBe('The endpoint subscribes to all types.');
  expect(explainChoice(delivery, { events: ['a.b'] })).toBe('The endpoint subscribes to a.b.');
  expect(explainChoice(delivery, { events: ['c.d'] })).toMatch(/does not subscribe to a\.b now/);
  expect(explainChoice({ ...delivery, replay_of: 'dlv_1' }, null)).toBe(
    'The event was sent again on request. The endpoint was deleted since.',
  );
  const skipped = {
    ...delivery,
    status: 'skipped',
    last_error: 'The endpoint was disabled when the event came',
  } as const;
  expect(explainChoice(skipped, { events: [] })).toMatch(/did not get it\. The endpoint was disabled/);
});

test('how a delivery ended', () => {
  const end = { attempts: 1, last_error: null };
  expect(explainEnd({ ...end, status: 'pending' })).toBeNull();
  expect(explainEnd({ ...end, status: 'retrying' })).toBeNull();
  expect(explainEnd({ ...end, status: 'succeeded' })).toBe('Succeeded at the first attempt.');
  expect(explainEnd({ ...end, status: 'succeeded', attempts: 3 })).toBe('Succeeded after 3 attempts.');
  expect(explainEnd({ ...end, status: 'failed', attempts: 6 })).toMatch(/after 6 attempts/);
  expect(explainEnd({ ...end, status: 'cancelled', last_error: 'The endpoint was deleted' })).toMatch(
    /The endpoint was deleted\./,
  );
  expect(explainEnd({ ...end, status: 'skipped' })).toMatch(/Never sent/);
});

test('a body as long as they are kept may have been longer', () => {
  expect(isCut('a'.repeat(16_384))).toBe(true);
  expect(isCut('é'.repeat(8_192))).toBe(true);
  expect(isCut('a'.repeat(16_000))).toBe(false);
});
