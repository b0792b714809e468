import { checkOptionalJson } from '../show/check-json.ts';
import type { EventTypeDraft } from './write-event-type.ts';

/** As the API has it; its own constant would bring the whole of its schemas into the bundle. */
const NAME = /^[a-z0-9_.-]{1,128}$/i;
const DESCRIPTION_MAX_CHARACTERS = 1_000;

function checkSchemaText(text: string): string | null {
  const problem = checkOptionalJson(text);
  if (problem !== null || text.trim() === '') return problem;
  const value = JSON.parse(text) as unknown;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? null : 'A JSON Schema is an object, for example {"type": "object"}.';
}

/** What is wrong with each field of a draft; `null` where nothing is. */
export function checkEventType(
  { name, description, schema, sample }: EventTypeDraft,
  taken: ReadonlySet<string>,
): Readonly<Record<keyof EventTypeDraft, string | null>> {
  return {
    name: !NAME.test(name)
      ? 'Use 1 to 128 letters, digits, dots, dashes and underscores.'
      : taken.has(name)
        ? 'There is a type of this name already. Choose another name, or edit that one.'
        : null,
    description:
      description.length > DESCRIPTION_MAX_CHARACTERS ? `Use at most ${DESCRIPTION_MAX_CHARACTERS} characters.` : null,
    schema: checkSchemaText(schema),
    sample: checkOptionalJson(sample),
  };
}
