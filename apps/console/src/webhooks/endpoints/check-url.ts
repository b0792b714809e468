import { isPrivateName, isResolvableName } from '@posthorn/domain/egress/private-names';
import { isRefusedPort } from '@posthorn/domain/egress/refused-ports';

/** What is wrong with a URL. `refused`: the API takes it nowhere; `doubtful`: only where the operator allowed it. */
export interface UrlProblem {
  readonly kind: 'refused' | 'doubtful';
  readonly text: string;
}

// oxlint-disable-next-line eslint/no-control-regex -- what a URL must not hold is looked for here
const HIDDEN_CHARACTERS = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\]/;
const SHAPE = /^https?:\/\/([^/?#]+)/i;
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const MAX_BYTES = 2_048;

/** The first two numbers of addresses that lead into somebody's own network. */
const PRIVATE_IPV4: readonly ((first: number, second: number) => boolean)[] = [
  (first) => first === 0 || first === 10 || first === 127 || first >= 224,
  (first, second) => first === 100 && second >= 64 && second < 128,
  (first, second) => first === 169 && second === 254,
  (first, second) => first === 172 && second >= 16 && second < 32,
  (first, second) => first === 192 && second === 168,
  (first, second) => first === 198 && (second === 18 || second === 19),
];
/** Loopback, unspecified, mapped and translated IPv4, local, link-local and multicast. */
const PRIVATE_IPV6 = /^(::|64:ff9b:|f[cd]|fe[89ab]|ff)/;

function isPrivateHost(host: string): boolean {
  if (host.startsWith('[')) return PRIVATE_IPV6.test(host.slice(1, -1));
  if (!IPV4.test(host)) return isPrivateName(host);
  const [first = 0, second = 0] = host.split('.').map(Number);
  return PRIVATE_IPV4.some((isPrivate) => isPrivate(first, second));
}

/** This machine itself, which the quick start opens. */
const isLoopback = (host: string): boolean => /^(127\.[\d.]+|\[::1\]|(.+\.)?localhost\.?)$/.test(host);

const refused = (text: string): UrlProblem => ({ kind: 'refused', text });
const doubtful = (text: string): UrlProblem => ({ kind: 'doubtful', text });

function checkText(raw: string): UrlProblem | null {
  if (new TextEncoder().encode(raw).length > MAX_BYTES) return refused(`It may have ${MAX_BYTES} bytes at the most.`);
  if (HIDDEN_CHARACTERS.test(raw)) return refused('Take out spaces, backslashes and invisible characters.');
  const authority = SHAPE.exec(raw)?.[1];
  if (authority === undefined) return refused('Write the whole address: https:// and a host.');
  if (authority.includes('@')) {
    return refused('Take out the user name and password; send credentials as a header instead.');
  }
  if (raw.includes('#')) return refused('Take out the fragment (#…): it is never sent.');
  if (authority.includes('%')) return refused('A host has no percent signs.');
  return URL.canParse(raw) ? null : refused('This is no valid address.');
}

/**
 * What the API will say of a URL, as far as it can be told without asking.
 *
 * @param raw the text as it is being typed @returns `null` when nothing speaks against it
 */
export function checkUrl(raw: string): UrlProblem | null {
  const problem = checkText(raw);
  if (problem) return problem;
  const { protocol, hostname, port } = new URL(raw);
  const isName = !IPV4.test(hostname) && !hostname.startsWith('[');
  if (isName && !isResolvableName(hostname)) return refused('No host can have this name.');
  if (isPrivateHost(hostname)) {
    const how = isLoopback(hostname) ? ' (npm start opens loopback)' : '';
    return doubtful(`A private address: only if the operator opened that network${how}.`);
  }
  if (port !== '' && isRefusedPort(Number(port))) {
    return doubtful(`Port ${port} belongs to another protocol. It is refused, unless the operator opened that host.`);
  }
  return protocol === 'http:'
    ? doubtful('Use https://. Plain http:// is refused, unless the operator allowed it.')
    : null;
}
