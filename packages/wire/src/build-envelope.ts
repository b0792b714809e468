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

const sourceText: Record<EnvelopeSource, (event: EnvelopeEvent) => string> = {
  event_id: (event) => JSON.stringify(event.id),
  type: (event) => JSON.stringify(event.type),
  job_id: (event) => JSON.stringify(event.jobId),
  data: (event) => event.dataText,
  created_at: (event) => JSON.stringify(event.createdAt.toISOString()),
  created_unix: (event) => String(Math.floor(event.createdAt.getTime() / MS_PER_SECOND)),
  aggregate_version: (event) => JSON.stringify(event.aggregateVersion),
};

function fieldText(field: EnvelopeField, event: EnvelopeEvent): string[] {
  const key = JSON.stringify(field.key);
  if ('fields' in field) return [`${key}:${objectText(field.fields, event)}`];
  if ('value' in field) return [`${key}:${JSON.stringify(field.value)}`];
  const text = sourceText[field.from](event);
  return field.optional === true && text === 'null' ? [] : [`${key}:${text}`];
}

const objectText = (fields: readonly EnvelopeField[], event: EnvelopeEvent): string =>
  `{${fields.flatMap((field) => fieldText(field, event)).join(',')}}`;

/**
 * The exact text that every attempt of this event sends.
 *
 * @param profile fixes the fields and their order
 * @returns JSON without insignificant white space of its own
 */
export function buildEnvelope({ envelope }: Pick<Profile, 'envelope'>, event: EnvelopeEvent): string {
  return envelope === 'data' ? event.dataText : objectText(envelope, event);
}
