import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLogger } from '../src/create-logger.ts';

// winston's console transport writes to the stream behind `console`.
const streamOwner = console as unknown as { _stdout: Writable };
const original = streamOwner._stdout;
let written: string[] = [];

beforeEach(() => {
  written = [];
  streamOwner._stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
});
afterEach(() => {
  streamOwner._stdout = original;
  jest.restoreAllMocks();
});

describe('A log line', () => {
  test('is one JSON object with level, service, time, message and its fields', () => {
    createLogger('api', 'info', false).info('request', { method: 'GET', status: 200, ref: 'req-1' });
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0] ?? '')).toEqual({
      level: 'info',
      service: 'api',
      message: 'request',
      method: 'GET',
      status: 200,
      ref: 'req-1',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test('stays one line whatever its fields hold', () => {
    createLogger('api', 'info', false).warn('a\nb', { error: 'c\r\nd' });
    expect(written.join('').trimEnd().split('\n')).toHaveLength(1);
  });

  test('is left out below the level', () => {
    const log = createLogger('api', 'warn', false);
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(written.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['c', 'd']);
  });

  test('reads as text where a person is watching', () => {
    createLogger('dispatcher', 'info', true).info('attempt', { status: 200 });
    expect(written.join('')).toMatch(/^\d\d:\d\d:\d\d\.\d{3} .*info.* dispatcher: attempt status=200\n$/);
  });
});
