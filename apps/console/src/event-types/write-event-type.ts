/** What the form asks for; schema and sample are JSON text as it was typed, or empty. */
export interface EventTypeDraft {
  readonly name: string;
  readonly description: string;
  readonly schema: string;
  readonly sample: string;
}

const member = (name: string, text: string): string => (text.trim() === '' ? '' : `,"${name}":${text}`);

/**
 * The body of `PUT /v1/event-types/{name}`, with schema and sample as they were typed.
 *
 * @param ifCompatible whether a change that breaks somebody is to be refused
 */
export function writeEventType({ description, schema, sample }: EventTypeDraft, ifCompatible: boolean): string {
  return `{"description":${JSON.stringify(description)}${member('schema', schema)}${member('sample', sample)}${
    ifCompatible ? ',"if_compatible":true' : ''
  }}`;
}
