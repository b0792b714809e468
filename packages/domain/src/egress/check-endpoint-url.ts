import { isIP } from 'node:net';
import type { EgressRules } from './egress-rules.ts';
import { isListed } from './is-listed.ts';
import { refusedRange } from './judge-target.ts';
import { isLocalhost, isPrivateName, isResolvableName } from './private-names.ts';
import { isRefusedPort } from './refused-ports.ts';

/** Bytes of an endpoint's URL at the most. */
export const URL_MAX_BYTES = 2_048;

export type CheckedUrl =
  | { readonly ok: true; readonly href: string }
  | { readonly ok: false; readonly problem: string };

/** URL parsers drop or fold these silently, so they are looked for in the raw text: controls, space, backslash, soft hyphen, zero width. */
const HIDDEN_CHARACTERS = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\]/;
const SHAPE = /^https?:\/\/([^/?#]+)/i;

const refused = (problem: string): CheckedUrl => ({ ok: false, problem });

function rawProblem(raw: string, policy: EgressRules): string | null {
  if (Buffer.byteLength(raw) > URL_MAX_BYTES) return `must be at most ${URL_MAX_BYTES} bytes long`;
  if (HIDDEN_CHARACTERS.test(raw)) return 'must not contain spaces, backslashes, control or invisible characters';
  const authority = SHAPE.exec(raw)?.[1];
  if (authority === undefined) return `must be an absolute https:// ${policy.allowHttp ? 'or http:// ' : ''}URL`;
  if (authority.includes('@')) return 'must not contain a user name or password';
  if (raw.includes('#')) return 'must not contain a fragment (#): it is never sent';
  if (authority.includes('%')) return 'must not contain percent signs in its host';
  if (/^http:/i.test(raw) && !policy.allowHttp) return 'must use https: (http: needs ALLOW_HTTP=true)';
  return null;
}

/** Whether the operator opened the host as far as its name tells; `localhost` counts as 127.0.0.1. */
const opened = (host: string, { allowed }: EgressRules): boolean =>
  isListed(allowed, isLocalhost(host) ? '127.0.0.1' : host);

function hostProblem(host: string, policy: EgressRules): string | null {
  if (isIP(host) !== 0) {
    const range = refusedRange(host, policy);
    return range && `must not point at a private or reserved address (${range})`;
  }
  if (!isResolvableName(host)) return 'must be a valid URL: no host can have this name';
  if (isPrivateName(host) && !opened(host, policy)) return 'must not point at a private or local host name';
  return null;
}

/**
 * What can be refused of an endpoint's URL before any connection is made.
 *
 * @param raw the text as the customer wrote it
 * @returns the normalised URL, or a problem that completes the sentence "url …"
 */
export function checkEndpointUrl(raw: string, policy: EgressRules): CheckedUrl {
  const problem = rawProblem(raw, policy);
  if (problem) return refused(problem);
  if (!URL.canParse(raw)) return refused('must be a valid URL');
  const url = new URL(raw);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const unsafe = hostProblem(host, policy);
  if (unsafe) return refused(unsafe);
  if (url.port && isRefusedPort(Number(url.port)) && !opened(host, policy)) {
    return refused(`must not use port ${url.port}, which belongs to another protocol`);
  }
  if (url.href.length > URL_MAX_BYTES)
    return refused(`must be at most ${URL_MAX_BYTES} bytes long as it is sent: ${url.href.length}`);
  return { ok: true, href: url.href };
}
