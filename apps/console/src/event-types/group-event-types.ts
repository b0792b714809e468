import type { EventType } from '@posthorn/http-api/event-type';
import { groupBy } from '../show/group-by.ts';

export interface EventTypeGroup {
  /** What stands before the first dot of its types. */
  readonly name: string;
  readonly types: readonly EventType[];
}

const groupOf = (name: string): string => name.split('.', 1)[0] || name;

const matches = ({ name, description }: EventType, words: readonly string[]): boolean => {
  const text = `${name} ${description}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** The types that a search leaves, by group; groups and types in the order in which they come. */
export function groupEventTypes(types: readonly EventType[], search: string): readonly EventTypeGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = types.filter((type) => matches(type, words));
  return [...groupBy(found, ({ name }) => groupOf(name))].map(([name, own]) => ({ name, types: own }));
}
