import type { EnvelopeSource, Profile } from './profile.ts';

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
}

const fieldText: Record<EnvelopeSource, (event: EnvelopeEvent) => string> = {
  event_id: (event) => JSON.stringify(event.id),
  type: (event) => JSON.stringify(event.type),
  job_id: (event) => JSON.stringify(event.jobId),
  data: (event) => event.dataText,
  created_at: (event) => JSON.stringify(event.createdAt.toISOString()),
};

/**
 * The exact text that every attempt of this event sends.
 *
 * @param profile fixes the fields and their order
 * @returns one JSON object, without insignificant white space of its own
 */
export function buildEnvelope(profile: Pick<Profile, 'envelope'>, event: EnvelopeEvent): string {
  const fields = profile.envelope.map(({ key, from }) => `${JSON.stringify(key)}:${fieldText[from](event)}`);
  return `{${fields.join(',')}}`;
}
