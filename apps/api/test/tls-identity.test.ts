import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSecretBox } from '@posthorn/store/create-secret-box';
import { runSql } from '@posthorn/testkit/run-sql';
import { type IssuedCertificate, selfSign } from '@posthorn/testkit/self-sign';
import { TEST_SECRETS_KEY } from '@posthorn/testkit/start-process';
import { startApi, type TestApi, type TestTenant } from './start-api.ts';

let api: TestApi;
let tenant: TestTenant;
let authority: IssuedCertificate;
let client: IssuedCertificate;
beforeAll(async () => {
  [api, authority] = await Promise.all([startApi(), selfSign('Receiver CA')]);
  [tenant, client] = await Promise.all([api.tenant(), authority.issue('acme')]);
});
afterAll(() => api.close());

const pair = () => ({ client_certificate: client.certificate, client_key: client.key });
const register = (fields: object) =>
  api.request('POST', '/v1/webhook-endpoints', {
    key: tenant.key,
    body: { url: 'https://127.0.0.1:9/', events: [], ...fields },
  });
const change = (id: string, body: object) =>
  api.request('PATCH', `/v1/webhook-endpoints/${id}`, { key: tenant.key, body });

function summaryOf({ certificate }: IssuedCertificate, subject: string) {
  const { fingerprint256: fingerprint, validTo } = new X509Certificate(certificate);
  return { subject, fingerprint, not_after: new Date(validTo).toISOString() };
}

async function storedKey(): Promise<string | null> {
  const [row] = await runSql<{ id: string; sealed: string | null }>(
    api.databaseUrl,
    'SELECT id::text, client_key_sealed AS sealed FROM endpoints ORDER BY endpoints.id DESC LIMIT 1',
  );
  return row?.sealed ? createSecretBox([TEST_SECRETS_KEY]).open(row.sealed, `${row.id}/client-key`) : null;
}

describe('Certificates of an endpoint', () => {
  test('are shown as subject, fingerprint and end; the key is sealed and shown nowhere', async () => {
    const { status, body, text } = await register({ ca_certificate: authority.certificate, ...pair() });
    const shown = {
      ca_certificate: [summaryOf(authority, 'CN=Receiver CA')],
      client_certificate: summaryOf(client, 'CN=acme'),
    };
    expect([status, body]).toEqual([201, expect.objectContaining(shown)]);
    const read = await api.request('GET', `/v1/webhook-endpoints/${body.id}`, { key: tenant.key });
    expect(read.body).toMatchObject(shown);
    expect(`${text}${read.text}`).not.toMatch(/PRIVATE KEY|BEGIN/);
    const wanted = client.key.replaceAll(/\s/g, '');
    expect((await storedKey())?.replaceAll(/\s/g, '')).toBe(wanted);
  });

  test('several authorities may be pinned, and what stands around them is not kept', async () => {
    const second = await selfSign('Next CA');
    const { status, body } = await register({
      ca_certificate: `Our authorities\n${authority.certificate}\nand soon\n${second.certificate}\n`,
    });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        ca_certificate: [summaryOf(authority, 'CN=Receiver CA'), summaryOf(second, 'CN=Next CA')],
        client_certificate: null,
      }),
    ]);
    const [row] = await runSql<{ pem: string }>(
      api.databaseUrl,
      'SELECT ca_certificate AS pem FROM endpoints ORDER BY id DESC LIMIT 1',
    );
    expect(row?.pem).not.toContain('authorities');
  });

  test('PATCH replaces them, null takes them away, and what is not named stays', async () => {
    const { body } = await register({ ca_certificate: authority.certificate });
    const next = await authority.issue('next');
    const added = await change(body.id, { client_certificate: next.certificate, client_key: next.key });
    expect(added.body).toMatchObject({
      ca_certificate: [summaryOf(authority, 'CN=Receiver CA')],
      client_certificate: summaryOf(next, 'CN=next'),
    });
    expect((await change(body.id, { description: 'x' })).body).toMatchObject({
      client_certificate: summaryOf(next, 'CN=next'),
    });
    const removed = await change(body.id, { client_certificate: null });
    expect(removed.body).toMatchObject({ ca_certificate: [{}], client_certificate: null });
    expect(await storedKey()).toBeNull();
    expect((await change(body.id, { ca_certificate: null })).body).toMatchObject({ ca_certificate: null });
  });
});

describe('400', () => {
  const wrong = async (fields: object) => {
    const answer = await register(fields);
    expect(answer.status).toBe(400);
    return answer.body.errors.map(({ path, message }) => `${path} ${message}`);
  };
  const rsa = (bits: number) =>
    generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test('for what is no certificate, or too many, or too large', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(await wrong({ ca_certificate: 'no' })).toEqual([
      'ca_certificate must be certificates in PEM: -----BEGIN CERTIFICATE----- and so on',
    ]);
    expect(await wrong({ ca_certificate: `${authority.certificate}${broken}` })).toEqual([
      'ca_certificate cannot be read: certificate 2 is no X.509 certificate',
    ]);
    expect(await wrong({ ca_certificate: `${authority.certificate}\n`.repeat(9) })).toEqual([
      'ca_certificate must be at most 8 certificates',
    ]);
    expect(await wrong({ ca_certificate: 'x'.repeat(16_385) })).toEqual([
      'ca_certificate must have 1 to 16384 characters',
    ]);
    expect(await wrong({ ...pair(), client_key: 'x'.repeat(8_193) })).toEqual([
      'client_key must have 1 to 4096 characters',
    ]);
  });

  test('for one that has expired, and says since when', async () => {
    const expired = await selfSign('Old CA', { authority: true, lifetimeMs: -5_000 });
    const since = new Date(new X509Certificate(expired.certificate).validTo).toISOString();
    expect(await wrong({ ca_certificate: expired.certificate })).toEqual([
      `ca_certificate holds a certificate that expired on ${since}`,
    ]);
  });

  test('for a key that is missing, alone, encrypted, weak, of another certificate, or where a certificate should be', async () => {
    const { client_certificate, client_key } = pair();
    const encrypted = generateKeyPairSync('ed25519').privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'secret',
    });
    expect(await wrong({ client_certificate })).toEqual(['client_key must be sent with client_certificate']);
    expect(await wrong({ client_key })).toEqual(['client_certificate must be sent with client_key']);
    expect(await wrong({ client_certificate: null, client_key })).toEqual([
      'client_certificate must be sent with client_key',
    ]);
    expect(await wrong({ client_certificate, client_key: 'no' })).toEqual([
      'client_key must be one private key in PEM: -----BEGIN PRIVATE KEY----- and so on',
    ]);
    expect(await wrong({ client_certificate, client_key: encrypted })).toEqual([
      'client_key must not be encrypted: take its passphrase off, it is sealed here',
    ]);
    expect(await wrong({ client_certificate, client_key: rsa(1_024) })).toEqual([
      'client_key must have 2048 to 4096 bits, being an RSA key',
    ]);
    expect(await wrong({ client_certificate, client_key: authority.key })).toEqual([
      'client_key does not belong to the first certificate of client_certificate',
    ]);
    expect(await wrong({ ca_certificate: `${authority.certificate}${authority.key}` })).toEqual([
      'ca_certificate must not hold a private key',
    ]);
  });

  test('for plain HTTP, where none of it would be used, at registration and when the URL changes', async () => {
    const message = 'needs a url that starts with https://';
    expect(await wrong({ url: 'http://127.0.0.1:9/', ca_certificate: authority.certificate, ...pair() })).toEqual([
      `ca_certificate ${message}`,
      `client_certificate ${message}`,
    ]);
    const { body } = await register(pair());
    const url = 'http://127.0.0.1:9/';
    expect((await change(body.id, { url })).status).toBe(400);
    expect((await change(body.id, { url, client_certificate: null })).status).toBe(200);
    expect((await change(body.id, pair())).status).toBe(400);
  });

  test('names every wrong field at once, repeats no key, and changes nothing', async () => {
    const { body } = await register({ ca_certificate: authority.certificate });
    const answer = await change(body.id, {
      description: 'changed',
      ca_certificate: 'no',
      client_certificate: client.certificate,
      client_key: authority.key,
    });
    expect(answer.body.errors.map(({ path }) => path)).toEqual(['ca_certificate', 'client_key']);
    const secret = authority.key.split('\n')[1] ?? '';
    expect(answer.text + JSON.stringify(api.log)).not.toContain(secret);
    const { body: after } = await api.request('GET', `/v1/webhook-endpoints/${body.id}`, { key: tenant.key });
    expect(after).toMatchObject({ description: '', ca_certificate: [{}], client_certificate: null });
  });
});
