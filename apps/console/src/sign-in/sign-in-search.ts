import { readOwnPath } from '../address/read-own-path.ts';

export interface SignInSearch {
  /** Where to go on: a path of this console. */
  readonly to?: string;
}

export function readSignInSearch(search: Record<string, unknown>): SignInSearch {
  const to = readOwnPath(search['to']);
  return to === null ? {} : { to };
}
