import { expect, test } from '@jest/globals';
import type { EventType } from '@posthorn/http-api/event-type';
import { checkEventType } from '../src/event-types/check-event-type.ts';
import { groupEventTypes } from '../src/event-types/group-event-types.ts';
import { writeEventType } from '../src/event-types/write-event-type.ts';
import { writePostedEvent } from '../src/events/write-posted-event.ts';
import { checkJson, checkOptionalJson } from '../src/show/check-json.ts';
import { prettyJson } from '../src/show/pretty-json.ts';

test('an event is posted with its data as it was typed', () => {
  const data = '{"n": 12345678901234567890.0}';
  const text = writePostedEvent({ type: 'a"b', jobId: 'j\n1', data, key: 'k' });
  expect(text).toBe(`{"type":"a\\"b","jobId":"j\\n1","id":"k","data":${data}}`);
  expect(JSON.parse(writePostedEvent({ type: 't', jobId: '', data: '1', key: 'k' }))).toEqual({
    type: 't',
    id: 'k',
    data: 1,
  });
});

test('a type is put with its schema and sample as they were typed, and without those that are empty', () => {
  const draft = { name: 'a.b', description: 'Says "hi"', schema: '{"maximum": 1.0}', sample: ' ' };
  expect(writeEventType(draft, false)).toBe('{"description":"Says \\"hi\\"","schema":{"maximum": 1.0}}');
  expect(JSON.parse(writeEventType({ ...draft, schema: '', sample: 'null' }, true))).toEqual({
    description: 'Says "hi"',
    sample: null,
    if_compatible: true,
  });
});

test('each field of a type says what is wrong with it', () => {
  const good = { name: 'a.b', description: '', schema: '', sample: '' };
  expect(Object.values(checkEventType(good, new Set()))).toEqual([null, null, null, null]);
  expect(checkEventType(good, new Set(['a.b'])).name).toMatch(/already/);
  const bad = { name: 'a b', description: 'x'.repeat(1_001), schema: '[]', sample: '{' };
  for (const problem of Object.values(checkEventType(bad, new Set()))) expect(problem).toMatch(/\.$/);
});

test('JSON is told from what is none', () => {
  expect(checkJson('{"a":1}')).toBeNull();
  expect(checkJson('{a:1}')).toMatch(/^This is not JSON/);
  expect(checkJson(' ')).toMatch(/^Write JSON/);
  expect(checkOptionalJson(' ')).toBeNull();
});

test('JSON gets white space, and keeps digits, escapes and order', () => {
  const text = '{"b":[1.0,12345678901234567890,{}],"a":"x\\u0000,{\\"","e":[]}';
  expect(prettyJson(text)).toBe(
    '{\n  "b": [\n    1.0,\n    12345678901234567890,\n    {}\n  ],\n  "a": "x\\u0000,{\\"",\n  "e": []\n}',
  );
  expect(prettyJson('not json')).toBe('not json');
  expect(prettyJson('"<b>"')).toBe('"<b>"');
  const value = { a: [{ b: [[], [1, 'two', null, true]] }, {}], 'c d': -1.5e3 };
  expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
});

const typeOf = (name: string, description = ''): EventType => ({
  name,
  description,
  schema: null,
  sample: null,
  source: 'profile',
});

test('types are grouped by what stands before the first dot, in their order', () => {
  const types = [typeOf('ssl.issued'), typeOf('domain.added'), typeOf('ssl.gone.too'), typeOf('plain')];
  expect(groupEventTypes(types, '').map(({ name, types: own }) => [name, own.length])).toEqual([
    ['ssl', 2],
    ['domain', 1],
    ['plain', 1],
  ]);
});

test('a search leaves types whose name or description has every word', () => {
  const types = [typeOf('ssl.issued', 'The certificate is in place'), typeOf('domain.added')];
  expect(groupEventTypes(types, ' SSL certificate ').flatMap(({ types: own }) => own.map(({ name }) => name))).toEqual([
    'ssl.issued',
  ]);
  expect(groupEventTypes(types, 'nothing')).toEqual([]);
});
