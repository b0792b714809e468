import { BlockList } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { checkEndpointUrl } from '@posthorn/domain/egress/check-endpoint-url';
import { checkUrl } from '../src/webhooks/endpoints/check-url.ts';

const strict = { allowHttp: false, allowed: new BlockList(), own: () => new BlockList() };

const good = [
  'https://api.acme.example/webhooks',
  'https://acme.example:8443/a?b=c',
  'https://93.184.216.34/hook',
  'https://[2606:4700::1111]/',
  'HTTPS://Acme.Example/',
  'https://xn--mnchen-3ya.example/',
];
const refused = [
  '',
  'acme.example',
  'ftp://acme.example/',
  'https://user:pass@acme.example/',
  'https://acme.example/#top',
  'https://acme .example/',
  'https://acme.example/a\\b',
  'https://acme\u200b.example/',
  'https://acme%2eexample/',
  'https://',
  'https://a..example/',
  `https://acme.example/${'a'.repeat(2_048)}`,
];
const doubtful = [
  'http://acme.example/',
  'https://localhost/',
  'https://hooks/',
  'https://db.internal/',
  'https://127.0.0.1/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://10.1.2.3/',
  'https://172.20.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://100.100.1.1/',
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'https://acme.example:6379/',
];

describe('what the URL field says while typing agrees with what the API will say', () => {
  test.each(good)('takes %s', (url) => {
    expect(checkUrl(url)).toBeNull();
    expect(checkEndpointUrl(url, strict).ok).toBe(true);
  });

  test.each(refused)('refuses %j', (url) => {
    expect(checkUrl(url)?.kind).toBe('refused');
    expect(checkEndpointUrl(url, strict).ok).toBe(false);
  });

  test.each(doubtful)('doubts %s, which an operator may have allowed', (url) => {
    expect(checkUrl(url)?.kind).toBe('doubtful');
    expect(checkEndpointUrl(url, strict).ok).toBe(false);
  });
});

test('a private address is a hint; that npm start opens loopback is said of loopback alone', () => {
  const loopback = ['http://127.0.0.1:9000/', 'http://localhost:9000/', 'http://[::1]:9000/'];
  expect(loopback.map((url) => checkUrl(url)?.text)).toEqual(
    loopback.map(() => 'A private address: only if the operator opened that network (npm start opens loopback).'),
  );
  expect(checkUrl('https://10.1.2.3/')?.text).toBe('A private address: only if the operator opened that network.');
});
