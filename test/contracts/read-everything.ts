import type { System } from '@posthorn/testkit/start-system';

/** A key, and the things that no list of the API names. */
export interface Reader {
  readonly key: string;
  readonly recoveries?: readonly string[];
  /** As `lifecycle/subject`. */
  readonly subjects?: readonly string[];
}

interface Listed {
  readonly data?: readonly { readonly id?: string }[];
}

const LIFECYCLE = '/v1/lifecycles/{lifecycle}/{subject}';
const STREAM = '/v1/stream';
/** Of a stream, which has no end, what comes until something was told of a delivery. */
const STREAM_MS = 10_000;
const TOLD = /event: ?(?:delivery|gap)[^]*\n\n/;

async function readStream(url: string, headers: Record<string, string>): Promise<Response & { told: string }> {
  const stop = AbortSignal.timeout(STREAM_MS);
  const response = await fetch(url, { headers, signal: stop });
  let told = '';
  for await (const chunk of response.body ?? []) {
    told += Buffer.from(chunk as Uint8Array).toString();
    if (TOLD.test(told)) break;
  }
  return Object.assign(response, { told });
}

/** Every answer of a run, and the routes that nothing was asked of. */
export interface Everything {
  /** Status, headers and body by path. */
  readonly answers: ReadonlyMap<string, string>;
  readonly unasked: readonly string[];
}

/**
 * Asks for everything that the OpenAPI document lets one GET. A route with a parameter is asked for all that its list
 * names; how to ask the few others is told here.
 */
export async function readEverything({ api }: System, { key, ...unlisted }: Reader): Promise<Everything> {
  const answers = new Map<string, string>();
  const get = async (path: string): Promise<string> => {
    const headers = { authorization: `Bearer ${key}` };
    const stream = path.startsWith(STREAM) ? await readStream(`${api.url}${path}`, headers) : null;
    const response = stream ?? (await fetch(`${api.url}${path}`, { headers }));
    const text = stream ? stream.told : await response.text();
    answers.set(path, `${response.status} ${JSON.stringify([...response.headers])}\n${text}`);
    return text;
  };
  const document = JSON.parse(await get('/openapi.json')) as { paths: Record<string, object> };
  const routes = Object.keys(document.paths).filter((path) => 'get' in (document.paths[path] ?? {}));
  const idsOf = async (list: string): Promise<readonly string[]> => {
    if (list === '/v1/recoveries') return unlisted.recoveries ?? [];
    if (!routes.includes(list)) return [];
    const { data } = JSON.parse(await get(list)) as Listed;
    return (data ?? []).flatMap(({ id }) => id ?? []);
  };
  const pathsOf = async (route: string): Promise<readonly string[]> => {
    if (route === STREAM) return [`${STREAM}?after=dlv_00000000000000000000000000`];
    if (route === LIFECYCLE) return (unlisted.subjects ?? []).map((subject) => `/v1/lifecycles/${subject}`);
    const [list = '', rest = ''] = route.split('/{id}');
    if (list === route) return route.includes('{') ? [] : [route];
    return (await idsOf(list)).map((id) => `${list}/${id}${rest}`);
  };
  const unasked: string[] = [];
  for (const route of routes) {
    const paths = await pathsOf(route);
    if (paths.length === 0) unasked.push(route);
    for (const path of paths) await get(path);
  }
  return { answers, unasked };
}
