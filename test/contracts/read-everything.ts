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
    const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    const text = await response.text();
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
