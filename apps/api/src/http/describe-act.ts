import { isIP } from 'node:net';
import type { Act } from '@posthorn/store/note-act';
import type { Request } from 'express';
import type { Caller } from './request-context.ts';

/** Says what a request does to an object, by its kind and its id as the API shows it. */
export type DescribeAct = (objectType: string, objectId: string) => Act;

/** A request that was let in. */
interface ActingRequest {
  readonly request: Request;
  readonly caller: Caller | null;
  readonly ref: string;
  readonly operationId: string;
  readonly body: unknown;
}

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** Where a request came from: the last address that no trusted proxy has, without a zone or IPv4 mapping. */
function addressOf(request: Request): string | null {
  const addresses = [request.ip, request.socket.remoteAddress].map((text) => text?.replace(MAPPED, ''));
  return addresses.find((address) => address !== undefined && isIP(address) > 0) ?? null;
}

const fieldsOf = (body: unknown): string[] =>
  Object.entries(body ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));

/** What the audit log will say of this request, once its handler knows which object it is about. */
export const describeAct =
  ({ request, caller, ref, operationId, body }: ActingRequest): DescribeAct =>
  (objectType, objectId) => ({
    actor: caller?.kind === 'tenant' ? 'key' : 'operator',
    keyId: caller?.kind === 'tenant' ? caller.keyId : null,
    address: addressOf(request),
    requestId: ref,
    action: operationId,
    objectType,
    objectId,
    fields: fieldsOf(body),
  });
