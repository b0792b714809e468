import { expect, test } from '@jest/globals';
import { buildTypeTree, toggleTypes, typesOf } from '../src/webhooks/endpoints/type-tree.ts';

const names = ['domain.added', 'domain.verified', 'ssl.issued', 'domain.flow.completed', 'domain.drift'];
const leaf = (path: string) => ({ path, isType: true, children: [] });

test('types are grouped by their dots, in the catalog’s order', () => {
  expect(buildTypeTree(names)).toEqual([
    {
      path: 'domain',
      isType: false,
      children: ['domain.added', 'domain.verified', 'domain.flow.completed', 'domain.drift'].map(leaf),
    },
    leaf('ssl.issued'),
  ]);
});

test('a type that is also the beginning of others stands above them', () => {
  const [node] = buildTypeTree(['invoice', 'invoice.paid']);
  expect(node).toEqual({ path: 'invoice', isType: true, children: [leaf('invoice.paid')] });
  expect(node && typesOf(node)).toEqual(['invoice', 'invoice.paid']);
});

test('odd names are kept whole', () => {
  const odd = ['a..b', '.a', 'a.', '...', 'a'];
  expect(buildTypeTree(odd).flatMap(typesOf).sort()).toEqual([...odd].sort());
});

test('ticking a group takes all of its types once, and unticking leaves the others', () => {
  const chosen = toggleTypes(['domain.added', 'ssl.issued'], ['domain.added', 'domain.drift'], true);
  expect([...chosen].sort()).toEqual(['domain.added', 'domain.drift', 'ssl.issued']);
  expect(toggleTypes(chosen, ['domain.added', 'domain.drift'], false)).toEqual(['ssl.issued']);
});
