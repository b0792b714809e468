const ANSWER_TIMEOUT_MS = 15_000;

/** An API and the key to use. */
export interface Api {
  url: string;
  key: string;
}

/** An answer of the API: its status and its JSON body (an empty object where it has none). */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Calls the API with JSON. Returns whatever it answers; throws when it does not answer within 15 s. */
export async function callApi(api: Api, method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(new URL(path, api.url), {
    method,
    headers: { authorization: `Bearer ${api.key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** Like callApi, and throws the API's own explanation when the status is not a 2xx. Returns the body. */
export async function askApi(api: Api, method: string, path: string, body?: object): Promise<Answer['body']> {
  const answer = await callApi(api, method, path, body);
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  const { code = '', detail = 'no detail', ref = '-' } = answer.body as Partial<Record<string, string>>;
  throw new Error(`${method} ${path} was answered ${answer.status} ${code}: ${detail} (ref ${ref})`);
}
