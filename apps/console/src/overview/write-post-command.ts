import type { EventType } from '@posthorn/http-api/event-type';

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The command that posts a type's sample. @param origin where the API is, for example `https://posthorn.example` */
export function writePostCommand(origin: string, type: Pick<EventType, 'name' | 'sample'> | undefined): string {
  const body = JSON.stringify({ type: type?.name ?? 'your.type', jobId: 'job-1', data: type?.sample ?? {} });
  return [
    `curl -X POST ${quote(`${origin}/v1/events`)} \\`,
    `  -H 'Authorization: Bearer YOUR_API_KEY' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quote(body)}`,
  ].join('\n');
}
