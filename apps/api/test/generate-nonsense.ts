import fc from 'fast-check';

const METHODS = [
  'GET',
  'POST',
  'get',
  'FOO',
  '',
  'GET\0',
  'A'.repeat(20_000),
  'PRI',
  'SOURCE',
  'HEAD',
  'TRACE',
  'GET /x GET',
];
const TARGETS = [
  '/livez',
  '/v1/events',
  '*',
  '//x',
  '/%',
  '/\0',
  'livez',
  '',
  'http://x/livez',
  `/${'a'.repeat(20_000)}`,
  '/é',
  '/a b',
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', '', 'http/1.1', 'HTTP/1.1 x'];
const HEADERS = [
  'Host: x',
  'Host: x',
  'Host: x\r\nHost: y',
  'Host: x\r\nContent-Length: 5',
  'Host: x\r\nContent-Length: -1',
  'Host: x\r\nContent-Length: 5\r\nContent-Length: 6',
  'Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked',
  'Host: x\r\nContent-Length: 99999999999999999999',
  'Host: x\r\nTransfer-Encoding: chunked',
  'Host: x\r\nTransfer-Encoding: gzip, chunked',
  'Host: x\r\nTransfer-Encoding: identity',
  'Host: x\r\nTransfer-Encoding : chunked',
  'Host: x\r\nX: a\r\n folded',
  'Host: x\r\nX: \u0001',
  'Host: x\r\nX Y: z',
  'Host: x\r\n: nameless',
  `Host: x\r\nX: ${'a'.repeat(70_000)}`,
  `Host: x${Array.from({ length: 3_000 }, (_, index) => `\r\nX${index}: a`).join('')}`,
  'Host: x\r\nExpect: 100-continue\r\nContent-Length: 5',
  'Host: x\r\nUpgrade: h2c\r\nConnection: upgrade, http2-settings\r\nHTTP2-Settings: AAMAAABk',
  'Host: x\r\nConnection: close',
  'Host: x\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y',
  'Host: x\r\n__proto__: y\r\nconstructor: z',
  '',
];
const NEXT = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
const BODIES = [
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  'zz\r\n',
  'ffffffffffffffffff\r\n',
  `5;${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`,
  '5\r\nhelloXX0\r\n\r\n',
  `0\r\n${'T: a\r\n'.repeat(5_000)}\r\n`,
  NEXT.repeat(50),
];
/** Other protocols that knock at any door. */
const STRANGERS = [
  'SSH-2.0-OpenSSH_9.2\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'EHLO x\r\n',
  '*1\r\n$4\r\nPING\r\n',
  '\r\n\r\n\r\n',
  '\0'.repeat(100),
];

const written = fc
  .record({
    method: fc.constantFrom(...METHODS),
    target: fc.constantFrom(...TARGETS),
    version: fc.constantFrom(...VERSIONS),
    headers: fc.constantFrom(...HEADERS),
    body: fc.constantFrom(...BODIES),
    lineEnd: fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r'),
  })
  .map(({ method, target, version, headers, body, lineEnd }) =>
    `${method} ${target} ${version}\r\n${headers}${headers === '' ? '' : '\r\n'}\r\n${body}`.replaceAll(
      '\r\n',
      lineEnd,
    ),
  );

/** Requests of which mostly one thing is wrong. */
const nearly = fc
  .tuple(
    fc.constantFrom('GET', 'POST'),
    fc.constantFrom('/livez', '/v1/events'),
    fc.constantFrom(...HEADERS),
    fc.constantFrom(...BODIES),
  )
  .map(([method, target, headers, body]) => `${method} ${target} HTTP/1.1\r\n${headers}\r\n\r\n${body}`);

const cut = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, fc.nat()).map(([whole, at]) => whole.slice(0, at % (whole.length + 1)));

/** Bytes that are no request, half of one, several, or one that somebody else reads differently. */
export const nonsense: fc.Arbitrary<Buffer> = fc
  .oneof(
    { weight: 4, arbitrary: nearly },
    { weight: 3, arbitrary: written },
    { weight: 2, arbitrary: cut(nearly) },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGERS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 200 }) },
  )
  .map((text) => Buffer.from(text, 'latin1'));
