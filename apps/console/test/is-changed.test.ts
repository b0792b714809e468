import { expect, test } from '@jest/globals';
import { isChanged } from '../src/show/is-changed.ts';
import { emptyDraft } from '../src/webhooks/endpoints/endpoint-draft.ts';

test('a form is changed by what was typed, and not by what was taken back', () => {
  const typed = { ...emptyDraft, url: 'https://acme.example/' };
  expect(isChanged(emptyDraft, typed)).toBe(true);
  expect(isChanged(emptyDraft, { ...typed, url: '' })).toBe(false);
  expect(isChanged(emptyDraft, { ...emptyDraft, headers: [{ key: 1, name: '', value: '' }] })).toBe(true);
});
