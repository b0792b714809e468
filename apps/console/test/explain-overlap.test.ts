import { expect, test } from '@jest/globals';
import { explainOverlap, explainReplacing } from '../src/webhooks/endpoints/explain-overlap.ts';

test('only a header that lists signatures is taken by a receiver that knows either secret', () => {
  expect(explainOverlap({ header: 'webhook-signature', rotation: 'list' })).toMatch(/webhook-signature .* either/);
  const single = explainOverlap({ header: 'X-CD-Signature', rotation: 'next-header' });
  expect(single).toMatch(/X-CD-Signature is signed with the old one, and X-CD-Signature-Next with the new one/);
  expect(single).not.toMatch(/either/);
  expect(explainOverlap(undefined)).not.toMatch(/either/);
});

test('a further rotation replaces what was given out last, and at once both', () => {
  expect(explainReplacing(3_600)).toMatch(/^The secret given out last is replaced and stops working at once/);
  expect(explainReplacing(0)).toMatch(/^Both .* at once/);
});
