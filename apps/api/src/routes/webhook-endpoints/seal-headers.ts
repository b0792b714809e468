import type { SecretBox } from '@posthorn/store/create-secret-box';
import { sealedFor } from '@posthorn/store/sealed-columns';

/** Seals custom headers for their endpoint; `null` when there are none. */
export const sealHeaders = (
  headers: Readonly<Record<string, string>>,
  endpointId: string,
  box: SecretBox,
): string | null =>
  Object.keys(headers).length === 0 ? null : box.seal(JSON.stringify(headers), sealedFor(endpointId, 'headers'));
