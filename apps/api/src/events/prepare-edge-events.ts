import { splitArray, splitObject } from '@posthorn/domain/raw-json/split-json';
import type { EdgeEvent } from '@posthorn/wire/lifecycle';
import { invalid } from '../http/app-error.ts';

/** The data of one event that a transition fires, as text and as value. */
export interface EdgeData {
  readonly type: string;
  readonly dataText: string;
  readonly data: unknown;
}

/** Entries of `data` that become events of their own at the most. */
const MAX_ENTRIES = 1_000;

const objectText = (members: ReadonlyMap<string, string>): string =>
  `{${[...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;

/** An entry's fields join the rest of the data; an entry that is no object stands under the list's name. */
function entryData(members: ReadonlyMap<string, string>, list: string, entry: string): string {
  const rest = new Map(members);
  rest.delete(list);
  return objectText(new Map([...rest, ...(entry.startsWith('{') ? splitObject(entry) : [[list, entry] as const])]));
}

function entriesOf(members: ReadonlyMap<string, string>, list: string): string[] {
  const text = members.get(list);
  if (!text?.startsWith('['))
    throw invalid({ path: `data.${list}`, message: 'must be an array: each entry is an event' });
  const entries = splitArray(text);
  if (entries.length > MAX_ENTRIES)
    throw invalid({ path: `data.${list}`, message: `must have at most ${MAX_ENTRIES} entries` });
  return entries;
}

/**
 * The data of the events that a transition fires.
 *
 * @param dataText the transition's `data`, an object without insignificant white space
 * @throws AppError `invalid` when an event per entry is to be fired and there is no such list
 */
export function prepareEdgeEvents(events: readonly EdgeEvent[], dataText: string): EdgeData[] {
  const members = splitObject(dataText);
  const texts = events.flatMap(({ type, forEach }) =>
    forEach === undefined
      ? [{ type, dataText }]
      : entriesOf(members, forEach).map((entry) => ({ type, dataText: entryData(members, forEach, entry) })),
  );
  return texts.map((event) => ({ ...event, data: JSON.parse(event.dataText) as unknown }));
}
