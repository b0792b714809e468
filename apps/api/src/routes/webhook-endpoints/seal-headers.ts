import type { SecretBox } from '@posthorn/store/create-secret-box';
import { headersContext } from './show-endpoint.ts';

/** Seals custom headers for their endpoint; `null` when there are none. */
export const sealHeaders = (
  headers: Readonly<Record<string, string>>,
  endpointId: string,
  box: SecretBox,
): string | null =>
  Object.keys(headers).length === 0 ? null : box.seal(JSON.stringify(headers), headersContext(endpointId));
