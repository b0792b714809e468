/** One server, which its URL describes whole, or nodes of a Redis Cluster, which lead to all of its others. */
export type RedisPlace =
  | { readonly kind: 'server'; readonly url: string }
  | {
      readonly kind: 'cluster';
      readonly nodes: readonly { readonly host: string; readonly port: number }[];
      /** Whether connections speak TLS. */
      readonly tls: boolean;
      /** Empty: none; the same for every node. */
      readonly username: string;
      readonly password: string;
    };

/** Where Redis is, or what is wrong with the text that should say so: words that hold nothing of it. */
export type ParsedRedisUrl =
  | { readonly ok: true; readonly place: RedisPlace }
  | { readonly ok: false; readonly problem: string };

const PROTOCOLS = new Set(['redis:', 'rediss:']);
const DEFAULT_PORT = 6379;
/** A password may hold a comma; the next URL begins where a protocol does. */
const BETWEEN_URLS = /,(?=\s*[a-z]+:\/\/|$)/i;

const problem = (text: string): ParsedRedisUrl => ({ ok: false, problem: text });

const isCluster = (urls: readonly URL[]): boolean =>
  urls.length > 1 || urls.some(({ searchParams }) => searchParams.get('cluster') === 'true');

const loginOf = ({ protocol, username, password }: URL): string => [protocol, username, password].join(' ');

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function problemOfCluster(urls: readonly URL[]): string | null {
  if (new Set(urls.map(loginOf)).size > 1)
    return 'names nodes of a Redis Cluster that differ in protocol, user or password';
  if (urls.some(({ pathname }) => !['', '/', '/0'].includes(pathname)))
    return 'names a database, which a Redis Cluster has none of';
  if (urls.some(({ hostname }) => hostname === '' || hostname.includes(',')))
    return 'must name one host in each URL: redis://first:6379,redis://second:6379';
  if (urls.some(({ username, password }) => !decodes(username + password)))
    return 'holds a user or password whose special characters are not percent-encoded';
  return null;
}

/**
 * Reads `REDIS_URL`: one URL (`redis://user:password@host:6379/0`) names a server; several separated by commas, or one that
 * ends with `?cluster=true`, name nodes of a Redis Cluster.
 */
export function parseRedisUrl(text: string): ParsedRedisUrl {
  const parts = text
    .trim()
    .split(BETWEEN_URLS)
    .map((part) => part.trim());
  if (!parts.every((part) => URL.canParse(part) && PROTOCOLS.has(new URL(part).protocol)))
    return problem('must be a URL that starts with redis:// or rediss://, or several of those separated by commas');
  const urls = parts.map((part) => new URL(part));
  const [first] = urls;
  if (!first || !isCluster(urls)) return { ok: true, place: { kind: 'server', url: text } };
  const wrong = problemOfCluster(urls);
  if (wrong !== null) return problem(wrong);
  return {
    ok: true,
    place: {
      kind: 'cluster',
      nodes: urls.map(({ hostname, port }) => ({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: port === '' ? DEFAULT_PORT : Number(port),
      })),
      tls: first.protocol === 'rediss:',
      username: decodeURIComponent(first.username),
      password: decodeURIComponent(first.password),
    },
  };
}
