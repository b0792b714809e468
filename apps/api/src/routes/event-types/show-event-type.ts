import type { EventType } from '@posthorn/http-api/event-type';
import type { KnownType } from '../../events/find-types.ts';

/** An event type as the API shows it. */
export const showEventType = ({ name, description, schema, sample, source }: KnownType): EventType => ({
  name,
  description,
  schema: schema === null ? null : (JSON.parse(schema) as EventType['schema']),
  sample: sample === null ? null : (JSON.parse(sample) as unknown),
  source,
});
