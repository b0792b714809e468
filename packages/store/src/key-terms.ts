/** An API key, and what a request that came with it was judged by. */
export interface KeyTerms {
  readonly keyId: string;
  readonly profile: string;
  readonly profileId: string | null;
  /** Whether the tenant's events are counted against a quota. */
  readonly limited: boolean;
  readonly scopes: readonly string[];
}

export const sameTerms = (one: KeyTerms, other: KeyTerms): boolean =>
  one.keyId === other.keyId &&
  one.profile === other.profile &&
  one.profileId === other.profileId &&
  one.limited === other.limited &&
  one.scopes.join(' ') === other.scopes.join(' ');
