/** Bytes of a response body that Posthorn keeps. */
const KEPT_BYTES = 16_384;

/** Whether a kept body is as long as they can be, so that the receiver may have sent more. */
export const isCut = (body: string): boolean => new TextEncoder().encode(body).length >= KEPT_BYTES - 3;
