import type { EventType } from '@posthorn/http-api/event-type';

/** A command that posts an event. @param origin of the API @param type null: not known */
export function firstEventCommand(origin: string, type: Pick<EventType, 'name' | 'sample'> | null): string {
  const body = JSON.stringify({ type: type?.name ?? 'domain.verified', jobId: 'job-1', data: type?.sample ?? {} });
  return [
    `curl -X POST '${origin}/v1/events'`,
    '-H "Authorization: Bearer $POSTHORN_API_KEY"',
    "-H 'Content-Type: application/json'",
    `--data-raw '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' \\\n  ');
}
