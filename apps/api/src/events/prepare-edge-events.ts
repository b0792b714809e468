import { splitArray, splitObject } from '@posthorn/domain/raw-json/split-json';
import type { EdgeEvent } from '@posthorn/wire/lifecycle';
import { invalid } from '../http/app-error.ts';

/** The data of one event that a transition fires, as text and as value. */
export interface EdgeData {
  readonly type: string;
  readonly dataText: string;
  readonly data: unknown;
}

/** Entries that become events of their own at the most, of all lists together. */
const MAX_ENTRIES = 1_000;
/** The data of all events together: what each entry takes along of the rest counts each time. A batch holds as much. */
const MAX_DATA_CHARACTERS = 4_194_304;

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
  return splitArray(text);
}

/** Counts what a transition is about to fire, before it is made. */
function createAllowance() {
  let entries = 0;
  let characters = 0;
  return (list: string, size: number): void => {
    entries += 1;
    characters += size;
    if (entries > MAX_ENTRIES) throw invalid({ path: list, message: `must have at most ${MAX_ENTRIES} entries` });
    if (characters > MAX_DATA_CHARACTERS) {
      throw invalid({
        path: list,
        message: `makes events of more than ${MAX_DATA_CHARACTERS} characters in all: each entry takes the rest of data along`,
      });
    }
  };
}

/**
 * The data of the events that a transition fires.
 *
 * @param dataText the transition's `data`, an object without insignificant white space
 * @throws AppError `invalid` when an event per entry is to be fired and there is no such list, or it makes too much
 */
export function prepareEdgeEvents(events: readonly EdgeEvent[], dataText: string): EdgeData[] {
  const members = splitObject(dataText);
  const spend = createAllowance();
  const texts = events.flatMap(({ type, forEach }) => {
    if (forEach === undefined) return [{ type, dataText }];
    const entries = entriesOf(members, forEach);
    const restSize = dataText.length - (members.get(forEach)?.length ?? 0);
    for (const entry of entries) spend(`data.${forEach}`, restSize + entry.length);
    return entries.map((entry) => ({ type, dataText: entryData(members, forEach, entry) }));
  });
  return texts.map((event) => ({ ...event, data: JSON.parse(event.dataText) as unknown }));
}
