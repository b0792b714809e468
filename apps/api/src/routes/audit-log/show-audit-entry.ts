import type { ChainedEntry } from '@posthorn/domain/audit/hash-entry';
import { encodeTypeId } from '@posthorn/domain/type-id';
import type { AuditEntry } from '@posthorn/http-api/audit-log';
import { OPERATOR_CHAIN } from '@posthorn/store/note-act';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** An entry as the API shows it. Where the operator sits is nothing that a tenant needs to know. */
export const showAuditEntry = (entry: ChainedEntry, toOperator: boolean): AuditEntry => ({
  id: encodeTypeId('auditEntry', entry.id),
  tenant_id: entry.tenantId === OPERATOR_CHAIN ? null : encodeTypeId('tenant', entry.tenantId),
  number: entry.number,
  created_at: entry.at.toISOString(),
  actor: entry.actor as AuditEntry['actor'],
  key_id: entry.keyId === null ? null : encodeTypeId('apiKey', entry.keyId),
  key_name: entry.keyName,
  action: entry.action,
  object_type: entry.objectType,
  object_id: entry.objectId,
  fields: [...entry.fields],
  address: entry.actor === 'operator' && !toOperator ? null : entry.address,
  request_id: entry.requestId,
  previous_hash: hexOf(entry.previousHash),
  hash: hexOf(entry.hash),
});
