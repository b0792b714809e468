import { expect, test } from '@jest/globals';
import {
  certificateState,
  describeAfter,
  describeTypes,
  disablingReason,
} from '../src/webhooks/endpoints/describe-endpoint.ts';

test('an empty subscription reads as all types', () => {
  expect([[], ['a'], ['a', 'b']].map(describeTypes)).toEqual(['All types', '1 type', '2 types']);
});

test('a policy reads as the operator’s, never, or hours', () => {
  expect([null, 0, 5_400, 86_400].map(describeAfter)).toEqual([
    'as the operator has set it',
    'never',
    'after 1.5 h',
    'after 24 h',
  ]);
});

test('a certificate warns a month ahead and says when it is over', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(certificateState('2026-11-21T11:59:59Z', now)).toEqual({ state: 'expired', text: 'Expired' });
  expect(certificateState('2026-11-22T11:00:00Z', now)).toEqual({ state: 'soon', text: 'Expires today' });
  expect(certificateState('2026-11-23T11:00:00Z', now)).toEqual({ state: 'soon', text: 'Expires in 1 day' });
  expect(certificateState('2027-11-21T12:00:00Z', now)).toEqual({ state: 'valid', text: 'Expires in 365 days' });
});

test('a reason is told where it says more than who disabled it', () => {
  const disabled = { status: 'disabled', disabled_by: 'request' } as const;
  expect(disablingReason({ ...disabled, disabled_reason: 'Disabled on request' })).toBeNull();
  expect(disablingReason({ ...disabled, disabled_reason: null })).toBeNull();
  expect(disablingReason({ ...disabled, disabled_reason: 'Answered 410' })).toBe('Answered 410');
});
