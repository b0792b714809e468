/** What the dialog asks for; `data` is JSON text as it was typed. */
export interface PostedEvent {
  readonly type: string;
  readonly jobId: string;
  readonly data: string;
  /** Names the request, so that sending it again does not send the event twice. */
  readonly key: string;
}

/** The body of `POST /v1/events`, with `data` as it was typed: numbers keep their digits. @param data valid JSON */
export function writePostedEvent({ type, jobId, data, key }: PostedEvent): string {
  const job = jobId === '' ? '' : `"jobId":${JSON.stringify(jobId)},`;
  return `{"type":${JSON.stringify(type)},${job}"id":${JSON.stringify(key)},"data":${data}}`;
}
