/** What the signature check begins with. The address never holds a secret. */
export interface SignatureSearch {
  /** A delivery whose last attempt is filled in. */
  readonly delivery?: string;
}

export const readSignatureSearch = (search: Record<string, unknown>): SignatureSearch =>
  typeof search['delivery'] === 'string' && /^dlv_[0-9a-z]{26}$/.test(search['delivery'])
    ? { delivery: search['delivery'] }
    : {};
