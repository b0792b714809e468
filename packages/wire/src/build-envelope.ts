import type { EnvelopeField, EnvelopeSource, Profile } from './profile.ts';

/** What an envelope is made from. */
export interface EnvelopeEvent {
  /** The event's public id, `evt_…`. */
  readonly id: string;
  readonly type: string;
  readonly jobId: string | null;
  /** The text of a JSON value; it goes into the body as it stands, so numbers keep their digits. */
  readonly dataText: string;
  /** When the event was accepted. */
  readonly createdAt: Date;
  /** The version of what the event is about, where its sender counts them (seed 004). */
  readonly aggregateVersion: number | null;
}

const MS_PER_SECOND = 1_000;

/** Ids and moments hold nothing that JSON escapes. */
const sourceText: Record<EnvelopeSource, (event: EnvelopeEvent) => string> = {
  event_id: (event) => `"${event.id}"`,
  type: (event) => JSON.stringify(event.type),
  job_id: (event) => JSON.stringify(event.jobId),
  data: (event) => event.dataText,
  created_at: (event) => `"${event.createdAt.toISOString()}"`,
  created_unix: (event) => String(Math.floor(event.createdAt.getTime() / MS_PER_SECOND)),
  aggregate_version: (event) => JSON.stringify(event.aggregateVersion),
};

/** Writes a field, its key and its colon with it; nothing where it is left out. */
type WriteField = (event: EnvelopeEvent) => string;

function writerOf(field: EnvelopeField): WriteField {
  const key = `${JSON.stringify(field.key)}:`;
  if ('fields' in field) return (event) => key + objectText(field.fields, event);
  if ('value' in field) {
    const text = key + JSON.stringify(field.value);
    return () => text;
  }
  const source = sourceText[field.from];
  if (field.optional !== true) return (event) => key + source(event);
  return (event) => {
    const text = source(event);
    return text === 'null' ? '' : key + text;
  };
}

/** What a profile says of its fields is read once. */
const writers = new WeakMap<readonly EnvelopeField[], readonly WriteField[]>();

function writersOf(fields: readonly EnvelopeField[]): readonly WriteField[] {
  const known = writers.get(fields);
  if (known) return known;
  const made = fields.map(writerOf);
  writers.set(fields, made);
  return made;
}

function objectText(fields: readonly EnvelopeField[], event: EnvelopeEvent): string {
  let text = '';
  for (const write of writersOf(fields)) {
    const field = write(event);
    if (field !== '') text += text === '' ? field : `,${field}`;
  }
  return `{${text}}`;
}

/**
 * The exact text that every attempt of this event sends.
 *
 * @param profile fixes the fields and their order
 * @returns JSON without insignificant white space of its own
 */
export function buildEnvelope({ envelope }: Pick<Profile, 'envelope'>, event: EnvelopeEvent): string {
  return envelope === 'data' ? event.dataText : objectText(envelope, event);
}
