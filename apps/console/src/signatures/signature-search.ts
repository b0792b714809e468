import { readId } from '../address/read-id.ts';

/** What the signature check begins with. The address never holds a secret. */
export interface SignatureSearch {
  /** A delivery whose last attempt is filled in. */
  readonly delivery?: string;
}

export function readSignatureSearch(search: Record<string, unknown>): SignatureSearch {
  const delivery = readId(search['delivery'], 'delivery');
  return delivery === null ? {} : { delivery };
}
