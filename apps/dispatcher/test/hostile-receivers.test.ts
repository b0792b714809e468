import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { AttemptOutcome } from '@posthorn/domain/delivery/attempt-outcome';
import { classifyResult } from '@posthorn/domain/delivery/classify-result';
import { claimPort } from '@posthorn/testkit/claim-port';
import { eventually } from '@posthorn/testkit/eventually';
import { selfSign } from '@posthorn/testkit/self-sign';
import { showResponse } from '../src/attempt/show-response.ts';
import { createSender } from '../src/send/create-sender.ts';
import { answering, drip, OK, pour } from './raw-answers.ts';
import { type RawReceiver, type Serve, startRawReceiver } from './start-raw-receiver.ts';
import { testEgress } from './test-egress.ts';

/** The deadline of attempts that are meant to meet it, and of those that are not, in ms. */
const SHORT_MS = 400;
const LONG_MS = 10_000;
/** How much later than its deadline an attempt may end on a busy machine. */
const SLACK_MS = 1_500;
const KEPT_BYTES = 16_384;
const BODY = '{"type":"domain.verified"}';
const LARGE_BODY = JSON.stringify('x'.repeat(8 * 1_024 * 1_024));

/** Nothing that is sent here is secret. */
const send = createSender(testEgress(), new AbortController().signal);
let receiver: RawReceiver | undefined;
let elsewhere: RawReceiver | undefined;

afterEach(async () => {
  await Promise.all([receiver?.close(), elsewhere?.close()]);
  receiver = undefined;
  elsewhere = undefined;
});

interface Sent {
  readonly outcome: AttemptOutcome;
  readonly error: string | null;
  readonly status: number | null;
  readonly body: string | null;
  readonly headers: Record<string, string>;
  readonly durationMs: number;
}

async function sendTo(url: string, { timeoutMs = LONG_MS, body = BODY } = {}): Promise<Sent> {
  const { result, responseBody, responseHeaders, durationMs } = await send({
    url,
    headers: { 'Content-Type': 'application/json' },
    body,
    timeoutMs,
    tls: null,
  });
  const shown = showResponse(responseHeaders, responseBody, []);
  return {
    ...classifyResult(result),
    status: result.kind === 'answered' || result.kind === 'deadline' ? result.status : null,
    body: shown.responseBody,
    headers: JSON.parse(shown.responseHeaders ?? '{}') as Record<string, string>,
    durationMs,
  };
}

/** Answers with this and ends the connection, or leaves it open. */
const saying = (text: string | Buffer): Serve => answering((socket) => void socket.end(text));
const sayingOpenly = (text: string | Buffer): Serve => answering((socket) => void socket.write(text));

const bomb = gzipSync(Buffer.alloc(20 * 1_024 * 1_024));
let nested = Buffer.from('x'.repeat(1_000));
for (let layer = 0; layer < 8; layer += 1) nested = gzipSync(nested);

interface Expected {
  readonly outcome: AttemptOutcome;
  readonly status?: number;
  /** What the customer reads; `null`: nothing is wrong. */
  readonly error: RegExp | null;
  readonly body?: RegExp;
  readonly largeRequest?: true;
}

const KEPT_WHOLE = new RegExp(`^[^]{${KEPT_BYTES}}$`);
const NO_ANSWER = /^No answer within 400 ms$/;
const NO_END = /^Answered 200, but the body did not end within 400 ms$/;
const NOT_HTTP = /^The answer is not valid HTTP \(HPE_\w+\)$/;
const TOO_LARGE = /^The response headers are too large \(HPE_HEADER_OVERFLOW\)$/;
const TOO_MANY_INTERIM = /^The receiver sent more than 4 interim \(1xx\) answers$/;
const RESET = /^The receiver closed or reset the connection before it answered \(ECONNRESET\)$/;
const CUT_SHORT = /^Answered 200; its body was cut short: the connection was closed before its end \(\w+\)$/;
const BROKEN_BODY = /^Answered 200; its body was cut short: it is not valid HTTP \(HPE_\w+\)$/;
const MORE = /^Answered 20[04]; more came after its end \(HPE_INVALID_CONSTANT\)$/;

const table: [name: string, serve: Serve, expected: Expected][] = [
  ['never answers', () => undefined, { outcome: 'timeout', error: NO_ANSWER }],
  [
    'never reads a large request',
    (socket) => void socket.pause(),
    { outcome: 'timeout', error: NO_ANSWER, largeRequest: true },
  ],
  [
    'drips its headers',
    answering((socket) => {
      socket.write(`${OK}x-slow: `);
      drip(socket, 'y');
    }),
    { outcome: 'timeout', error: NO_ANSWER },
  ],
  ['drips its status line', answering((socket) => drip(socket, 'H')), { outcome: 'network_error', error: NOT_HTTP }],
  [
    'drips a body with a length',
    answering((socket) => {
      socket.write(`${OK}content-length: 9999\r\n\r\n`);
      drip(socket, '.');
    }),
    { outcome: 'timeout', status: 200, error: NO_END, body: /^\.+$/ },
  ],
  [
    'drips a chunked body',
    answering((socket) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
      drip(socket, '1\r\n.\r\n');
    }),
    { outcome: 'timeout', status: 200, error: NO_END, body: /^\.+$/ },
  ],
  [
    'sends headers and then nothing',
    sayingOpenly(`${OK}content-length: 10\r\n\r\n`),
    { outcome: 'timeout', status: 200, error: NO_END, body: /^$/ },
  ],
  [
    'sends chunks without end',
    answering((socket) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
      pour(socket, `1000\r\n${'a'.repeat(4_096)}\r\n`);
    }),
    { outcome: 'succeeded', status: 200, error: null, body: KEPT_WHOLE },
  ],
  [
    'sends its body in thousands of chunks',
    sayingOpenly(`${OK}transfer-encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(16_000)}0\r\n\r\n`),
    { outcome: 'succeeded', status: 200, error: null, body: /^a{256}$/ },
  ],
  [
    'sends a body without length or end',
    answering((socket) => {
      socket.write(`${OK}\r\n`);
      pour(socket, 'a'.repeat(65_536));
    }),
    { outcome: 'succeeded', status: 200, error: null, body: KEPT_WHOLE },
  ],
  [
    'announces 10 GB and begins to send them',
    answering((socket) => {
      socket.write(`${OK}content-length: 10000000000\r\n\r\n`);
      pour(socket, Buffer.alloc(1_048_576, 'a'));
    }),
    { outcome: 'succeeded', status: 200, error: null, body: KEPT_WHOLE },
  ],
  [
    'fails with a body without end',
    answering((socket) => {
      socket.write('HTTP/1.1 500 Oops\r\n\r\n');
      pour(socket, 'a'.repeat(65_536));
    }),
    { outcome: 'rejected', status: 500, error: /^Answered 500$/, body: KEPT_WHOLE },
  ],
  [
    'sends a gzip bomb',
    saying(Buffer.concat([Buffer.from(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`), bomb])),
    { outcome: 'succeeded', status: 200, error: null, body: /^[^]\uFFFD/ },
  ],
  [
    'sends gzip in gzip in gzip',
    saying(
      Buffer.concat([
        Buffer.from(`${OK}content-encoding: ${'gzip, '.repeat(7)}gzip\r\ncontent-length: ${nested.length}\r\n\r\n`),
        nested,
      ]),
    ),
    { outcome: 'succeeded', status: 200, error: null, body: /^[^]\uFFFD/ },
  ],
  [
    'sends NUL and bytes that are no text',
    saying(Buffer.concat([Buffer.from(`${OK}content-length: 4\r\n\r\n`), Buffer.from([0x61, 0x00, 0xff, 0x62])])),
    { outcome: 'succeeded', status: 200, error: null, body: /^a\uFFFD\uFFFDb$/ },
  ],
  [
    'sends thousands of small headers',
    saying(`${OK}${Array.from({ length: 1_900 }, (_, index) => `h${index}:\r\n`).join('')}content-length: 0\r\n\r\n`),
    { outcome: 'succeeded', status: 200, error: null, body: /^$/ },
  ],
  [
    'sends a header of 20 KB',
    saying(`${OK}x: ${'y'.repeat(20_000)}\r\n\r\n`),
    { outcome: 'network_error', error: TOO_LARGE },
  ],
  [
    'sends a header without end',
    answering((socket) => {
      socket.write(`${OK}x: `);
      pour(socket, 'y'.repeat(8_192));
    }),
    { outcome: 'network_error', error: TOO_LARGE },
  ],
  [
    'sends headers without end',
    answering((socket) => {
      socket.write(OK);
      pour(socket, 'x: y\r\n'.repeat(1_000));
    }),
    { outcome: 'network_error', error: TOO_LARGE },
  ],
  [
    'sends trailers without end',
    answering((socket) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n`);
      pour(socket, 'x: y\r\n'.repeat(1_000));
    }),
    { outcome: 'succeeded', status: 200, error: /^Answered 200; its trailers are too large/, body: /^ok$/ },
  ],
  [
    'sends early hints without end',
    answering((socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')),
    { outcome: 'network_error', error: TOO_MANY_INTERIM },
  ],
  [
    'asks to continue without end',
    answering((socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n')),
    { outcome: 'network_error', error: TOO_MANY_INTERIM },
  ],
  [
    'drips early hints',
    answering((socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 120)),
    { outcome: 'timeout', error: NO_ANSWER },
  ],
  [
    'sends 4 interim answers and then its own',
    saying(`${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(4)}${OK}content-length: 2\r\n\r\nok`),
    { outcome: 'succeeded', status: 200, error: null, body: /^ok$/ },
  ],
  [
    'asks to continue and then answers',
    saying(`HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 2\r\n\r\nok`),
    { outcome: 'succeeded', status: 200, error: null, body: /^ok$/ },
  ],
  [
    'extends a chunk without end',
    answering((socket) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n1;`);
      pour(socket, 'e'.repeat(8_192));
    }),
    { outcome: 'succeeded', status: 200, error: BROKEN_BODY },
  ],
  [
    'answers 204 with a body',
    saying('HTTP/1.1 204 No Content\r\n\r\nsomething'),
    { outcome: 'succeeded', status: 204, error: MORE },
  ],
  [
    'answers 304 with a body',
    saying('HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\nsomething'),
    { outcome: 'rejected', status: 304, error: /^Answered 304$/ },
  ],
  [
    'announces more than it sends',
    saying(`${OK}content-length: 100\r\n\r\nhalf`),
    { outcome: 'succeeded', status: 200, error: CUT_SHORT, body: /^half$/ },
  ],
  [
    'sends more than it announces',
    saying(`${OK}content-length: 2\r\n\r\nok, and more`),
    { outcome: 'succeeded', status: 200, error: MORE },
  ],
  [
    'gives a length and chunks',
    saying(`${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
    { outcome: 'network_error', error: NOT_HTTP },
  ],
  [
    'gives two lengths',
    saying(`${OK}content-length: 2\r\ncontent-length: 3\r\n\r\nok`),
    { outcome: 'network_error', error: NOT_HTTP },
  ],
  [
    'gives a negative length',
    saying(`${OK}content-length: -1\r\n\r\nok`),
    { outcome: 'network_error', error: NOT_HTTP },
  ],
  [
    'gives a chunk length that is none',
    saying(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\nok`),
    { outcome: 'succeeded', status: 200, error: BROKEN_BODY },
  ],
  [
    'ends lines with LF alone',
    saying('HTTP/1.1 200 OK\ncontent-length: 2\n\nok'),
    { outcome: 'network_error', error: NOT_HTTP },
  ],
  [
    'folds a header',
    saying(`${OK}x: a\r\n b\r\ncontent-length: 0\r\n\r\n`),
    { outcome: 'network_error', error: NOT_HTTP },
  ],
  ['sends NUL in a header', saying(`${OK}x: a\u0000b\r\n\r\n`), { outcome: 'network_error', error: NOT_HTTP }],
  ['speaks HTTP/0.9', saying('<html>hello</html>'), { outcome: 'network_error', error: NOT_HTTP }],
  ['is an SSH server', saying('SSH-2.0-OpenSSH_9.2\r\n'), { outcome: 'network_error', error: NOT_HTTP }],
  ['is a mail server', saying('220 mail.example ESMTP\r\n'), { outcome: 'network_error', error: NOT_HTTP }],
  ['answers with the status 20', saying('HTTP/1.1 20 OK\r\n\r\n'), { outcome: 'network_error', error: NOT_HTTP }],
  ['answers with the status 2OO', saying('HTTP/1.1 2OO OK\r\n\r\n'), { outcome: 'network_error', error: NOT_HTTP }],
  [
    'answers with the status 600',
    saying('HTTP/1.1 600 ?\r\n\r\n'),
    { outcome: 'rejected', status: 600, error: /^Answered 600$/ },
  ],
  [
    'answers with the status 999',
    saying('HTTP/1.1 999 ?\r\n\r\n'),
    { outcome: 'rejected', status: 999, error: /^Answered 999$/ },
  ],
  ['resets each connection', (socket) => void socket.resetAndDestroy(), { outcome: 'network_error', error: RESET }],
  [
    'resets when it has the request',
    answering((socket) => void socket.resetAndDestroy()),
    { outcome: 'network_error', error: RESET },
  ],
  ['closes instead of answering', answering((socket) => void socket.end()), { outcome: 'network_error', error: RESET }],
  ['closes within its headers', saying(`${OK}x: y`), { outcome: 'network_error', error: RESET }],
  [
    'resets within its body',
    answering(
      (socket) =>
        void socket.write(`${OK}content-length: 9\r\n\r\nhalf`, () => setTimeout(() => socket.resetAndDestroy(), 50)),
    ),
    { outcome: 'succeeded', status: 200, error: CUT_SHORT, body: /^half$/ },
  ],
  [
    'answers 413 before it has the request',
    answering((socket) => {
      socket.pause();
      socket.write('HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    }),
    { outcome: 'rejected', status: 413, error: /^Answered 413$/, largeRequest: true },
  ],
  [
    'answers 200 before it has the request, and resets',
    answering((socket) => {
      socket.pause();
      socket.write(`${OK}content-length: 9\r\n\r\nhalf`, () => setTimeout(() => socket.resetAndDestroy(), 50));
    }),
    { outcome: 'succeeded', status: 200, error: CUT_SHORT, largeRequest: true },
  ],
  [
    'switches protocols',
    sayingOpenly('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    { outcome: 'rejected', status: 101, error: /^Answered 101$/ },
  ],
];

describe('A receiver that', () => {
  test.each(table)('%s', async (_, serve, { outcome, status, error, body, largeRequest }) => {
    receiver = await startRawReceiver(serve);
    const sent = await sendTo(`http://${receiver.authority}/hook`, {
      timeoutMs: outcome === 'timeout' ? SHORT_MS : LONG_MS,
      ...(largeRequest && { body: LARGE_BODY }),
    });
    expect(sent).toMatchObject({ outcome, status: status ?? null });
    if (error === null) expect(sent.error).toBeNull();
    else expect(sent.error).toMatch(error);
    if (body) expect(sent.body).toMatch(body);
    expect(JSON.stringify(sent.headers).length).toBeLessThanOrEqual(8_192);
    expect(sent.durationMs).toBeLessThan((outcome === 'timeout' ? SHORT_MS : LONG_MS) + SLACK_MS);
    expect(receiver.received).toHaveLength(1);
  });

  test.each([300, 301, 302, 303, 305, 307, 308])('redirects with %i is not followed', async (status) => {
    elsewhere = await startRawReceiver(saying(`${OK}\r\n`));
    receiver = await startRawReceiver(
      saying(`HTTP/1.1 ${status} There\r\nlocation: http://${elsewhere.authority}/\r\ncontent-length: 0\r\n\r\n`),
    );
    expect(await sendTo(`http://${receiver.authority}/`)).toMatchObject({
      outcome: 'rejected',
      error: `Answered ${status}: redirects are not followed; register the final URL`,
    });
    expect(elsewhere.received).toEqual([]);
  });

  test('sets a cookie gets none back, and its value is not kept', async () => {
    receiver = await startRawReceiver(
      (socket) => void socket.on('data', () => socket.write(`${OK}set-cookie: session=1\r\ncontent-length: 0\r\n\r\n`)),
    );
    const first = await sendTo(`http://${receiver.authority}/`);
    expect(first.headers['set-cookie']).toBe('***');
    await sendTo(`http://${receiver.authority}/`);
    expect(receiver.received.join('')).toContain('POST / HTTP/1.1');
    expect(receiver.received.join('').toLowerCase()).not.toContain('cookie:');
  });

  test('does not exist is named as such', async () => {
    expect(await sendTo(`http://127.0.0.1:${await claimPort()}/`)).toMatchObject({
      outcome: 'network_error',
      error: 'The connection was refused: nothing listens at this address and port (ECONNREFUSED)',
    });
  });
});

describe('A connection that was kept', () => {
  const ANSWER = `${OK}content-length: 2\r\n\r\nok`;
  const requestsOf = ({ received }: RawReceiver) => received.map((text) => text.split('POST ').length - 1);

  test('and reset while it was idle is replaced at once: the request arrives, once', async () => {
    const sockets: Socket[] = [];
    receiver = await startRawReceiver((socket) => {
      sockets.push(socket);
      socket.on('data', () => socket.write(ANSWER));
    });
    expect(await sendTo(`http://${receiver.authority}/`)).toMatchObject({ outcome: 'succeeded' });
    sockets[0]?.resetAndDestroy();
    expect(await sendTo(`http://${receiver.authority}/`)).toMatchObject({ outcome: 'succeeded', error: null });
    expect(requestsOf(receiver)).toEqual([1, 1]);
  });

  test('and closed after the request left is a failure, since the receiver may have the request', async () => {
    receiver = await startRawReceiver((socket, connection) => {
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (connection === 0 && requests === 2) socket.destroy();
        else socket.write(ANSWER);
      });
    });
    await sendTo(`http://${receiver.authority}/`);
    expect(await sendTo(`http://${receiver.authority}/`)).toMatchObject({ outcome: 'network_error' });
    expect(requestsOf(receiver)).toEqual([2]);
  });

  test('and poisoned with an answer to no request does not pass it for the next answer', async () => {
    let poisoned = false;
    const note = () => {
      poisoned = true;
    };
    receiver = await startRawReceiver((socket, connection) => {
      socket.on('data', () => {
        socket.write(ANSWER);
        if (connection === 0) setTimeout(() => socket.write(`${OK}content-length: 6\r\n\r\npoison`, note), 20);
      });
    });
    expect(await sendTo(`http://${receiver.authority}/`)).toMatchObject({ body: 'ok' });
    await eventually(() => poisoned);
    // The sender is in this process: what has arrived is read within two turns of its loop.
    for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
    expect(await sendTo(`http://${receiver.authority}/`)).toMatchObject({ outcome: 'succeeded', body: 'ok' });
  });
});

describe('TLS: a receiver that', () => {
  const failure = async (url: string): Promise<string | null> => {
    const sent = await sendTo(url);
    expect(sent.outcome).toBe('network_error');
    return sent.error;
  };

  test('signed its certificate itself', async () => {
    receiver = await startRawReceiver(saying(OK), (await selfSign('receiver', {})).server);
    expect(await failure(`https://${receiver.authority}/`)).toBe(
      'TLS: the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    );
    expect(receiver.received).toEqual([]);
  });

  test('has its certificate from an authority that nobody knows', async () => {
    const authority = await selfSign('Unknown authority');
    receiver = await startRawReceiver(saying(OK), (await authority.issue('receiver')).server);
    expect(await failure(`https://${receiver.authority}/`)).toMatch(
      /^TLS: the certificate was issued by an unknown authority/,
    );
  });

  test('speaks TLS 1.1 at the most', async () => {
    receiver = await startRawReceiver(saying(OK), {
      ...(await selfSign('receiver', {})).server,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(await failure(`https://${receiver.authority}/`)).toMatch(/^TLS: .*1\.2 or newer/);
  });

  test('makes every handshake dear with a prime of its own', async () => {
    receiver = await startRawReceiver(saying(OK), {
      ...(await selfSign('receiver', {})).server,
      maxVersion: 'TLSv1.2',
      ciphers: 'DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384',
      dhparam: 'auto',
    });
    expect(await failure(`https://${receiver.authority}/`)).toMatch(/^TLS: the handshake failed/);
  });

  test('speaks plain HTTP where TLS is expected', async () => {
    receiver = await startRawReceiver(saying(`${OK}\r\n`));
    expect(await failure(`https://${receiver.authority}/`)).toMatch(
      /^TLS: the handshake failed; does this port speak HTTPS/,
    );
  });

  test('resets within the handshake', async () => {
    receiver = await startRawReceiver(answering((socket) => void socket.resetAndDestroy()));
    expect(await failure(`https://${receiver.authority}/`)).toMatch(RESET);
  });

  test('never ends the handshake', async () => {
    receiver = await startRawReceiver(() => undefined);
    expect(await sendTo(`https://${receiver.authority}/`, { timeoutMs: SHORT_MS })).toMatchObject({
      outcome: 'timeout',
      error: 'The TLS handshake did not end within 400 ms',
    });
  });
});

test('The table is as long as it is meant to be', () => {
  expect(table.length).toBeGreaterThanOrEqual(30);
});
