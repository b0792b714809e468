import { isIP } from 'node:net';
import { classifyAddress } from './classify-address.ts';
import type { EgressRules } from './egress-rules.ts';
import { isListed } from './is-listed.ts';
import { isLocalhost, isPrivateName } from './private-names.ts';
import { isRefusedPort } from './refused-ports.ts';

/** Where a connection is about to be made. */
export interface Target {
  /** A host name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken to it. */
  readonly secure: boolean;
}

/** Of a name it is not said which address it has, or of what kind: the answer may come from a private DNS. */
const NAME_REFUSED = "Not sent: the endpoint's host name must lead to public addresses only";
const HTTP_REFUSED = "Not sent: the endpoint's URL must use https:";
/** An answer may hold thousands, each of which costs time to judge. */
const MAX_JUDGED_ADDRESSES = 64;
const TOO_MANY = `Not sent: the endpoint's host name must have at most ${MAX_JUDGED_ADDRESSES} addresses`;
const PRIVATE_NAME_REFUSED = "Not sent: the endpoint's host name is a private or local one";

/** Why no address of this kind is connected to, as one word for its range, or `null`. */
export function refusedRange(address: string, { allowed, own }: EgressRules): string | null {
  const reason = classifyAddress(address, allowed);
  if (reason !== null || isListed(allowed, address)) return reason;
  return isListed(own(), address) ? 'reserved' : null;
}

function portProblem(address: string, port: number, { allowed }: EgressRules): string | null {
  if (!isRefusedPort(port) || isListed(allowed, address)) return null;
  return `Not sent: port ${port} belongs to another protocol`;
}

/**
 * What can be refused before any lookup: plain HTTP, an address, or a name that says by itself that it is private.
 *
 * @returns the sentence that the customer reads, or `null`
 */
export function judgeHost({ host, port, secure }: Target, rules: EgressRules): string | null {
  if (!secure && !rules.allowHttp) return HTTP_REFUSED;
  if (isIP(host.split('%')[0] ?? '') === 0) {
    return isPrivateName(host) && !isLocalhost(host) ? PRIVATE_NAME_REFUSED : null;
  }
  const range = refusedRange(host, rules);
  if (range) return `Not sent: the endpoint's host is a refused address (${range})`;
  return portProblem(host, port, rules);
}

/**
 * Judges what a name led to. One refused address refuses the whole answer: a name that mixes public and private
 * addresses is an attack.
 *
 * @param addresses every address that the resolver gave
 * @returns the sentence that the customer reads, or `null` when every address may be connected to
 */
export function judgeAnswer({ port }: Target, addresses: readonly string[], rules: EgressRules): string | null {
  if (addresses.length > MAX_JUDGED_ADDRESSES) return TOO_MANY;
  if (addresses.length === 0 || addresses.some((address) => refusedRange(address, rules) !== null)) return NAME_REFUSED;
  for (const address of addresses) {
    const problem = portProblem(address, port, rules);
    if (problem) return problem;
  }
  return null;
}
