import type { BreakingChange, BrokenSide } from './breaking-change.ts';
import { findNarrowings } from './find-narrowings.ts';
import { isSameSchema } from './is-same-schema.ts';
import { openDocument, type SchemaNode } from './schema-node.ts';

const MAX_TEXT_CHARACTERS = 300;

const shorten = (text: string): string =>
  text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS)}…` : text;

function changesFor(breaks: BrokenSide, from: SchemaNode, to: SchemaNode): BreakingChange[] {
  const changes = findNarrowings(breaks, from, to).map(({ path, [breaks]: change }) => ({
    path: shorten(path),
    change: shorten(change),
    breaks,
  }));
  return [...new Map(changes.map((each) => [`${each.path} ${each.change}`, each])).values()];
}

/**
 * What breaks when a JSON Schema (draft 2020-12) takes the place of another one.
 *
 * `senders`: an event that was accepted may be refused. `receivers`: an event may come that could not come before. It
 * never overlooks the former, and may warn of what cannot happen. Fields that are new where there were no others break no
 * receiver.
 */
export function compareSchemas(older: unknown, newer: unknown): readonly BreakingChange[] {
  if (isSameSchema(older, newer)) return [];
  const before = openDocument('old', older);
  const after = openDocument('new', newer);
  return [...changesFor('senders', before, after), ...changesFor('receivers', after, before)];
}
