import { createSecureContext } from 'node:tls';
import { type Certificates, readCertificates } from '@posthorn/domain/tls/read-certificates';
import { readClientKey } from '@posthorn/domain/tls/read-client-key';
import type { FieldProblem } from '@posthorn/http-api/problem';

/** What a request says of an endpoint's TLS identity; `null` takes away, a missing field leaves as it is. */
export interface TlsFields {
  readonly ca_certificate?: string | null | undefined;
  readonly client_certificate?: string | null | undefined;
  readonly client_key?: string | null | undefined;
}

/** What changes; the key, in PEM, is not yet sealed. */
export interface TlsChanges {
  readonly ca?: Certificates | null;
  readonly client?: (Certificates & { readonly key: string }) | null;
}

interface Read {
  readonly changes: TlsChanges;
  readonly problems: readonly FieldProblem[];
}

const wrong = (path: keyof TlsFields, message: string): Read => ({ changes: {}, problems: [{ path, message }] });

function readCa(text: string | null | undefined, now: Date): Read {
  if (text === undefined) return { changes: {}, problems: [] };
  if (text === null) return { changes: { ca: null }, problems: [] };
  const read = readCertificates(text, now);
  return read.ok ? { changes: { ca: read }, problems: [] } : wrong('ca_certificate', read.problem);
}

function readClient({ client_certificate: text, client_key: key }: TlsFields, now: Date): Read {
  if (text === undefined && key === undefined) return { changes: {}, problems: [] };
  if (text === null && (key === null || key === undefined)) return { changes: { client: null }, problems: [] };
  if (typeof text !== 'string') return wrong('client_certificate', 'must be sent with client_key');
  if (typeof key !== 'string') return wrong('client_key', 'must be sent with client_certificate');
  const read = readCertificates(text, now);
  if (!read.ok) return wrong('client_certificate', read.problem);
  const readKey = readClientKey(key, read.certificates[0]);
  if (!readKey.ok) return wrong('client_key', readKey.problem);
  return { changes: { client: { ...read, key: readKey.pem } }, problems: [] };
}

/** OpenSSL has rules of its own (digests, key sizes): what it would refuse at every attempt is refused here. */
function unusable({ ca, client }: TlsChanges): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const attempt = (path: keyof TlsFields, options: Parameters<typeof createSecureContext>[0]): void => {
    try {
      createSecureContext(options);
    } catch (error) {
      const { code } = error as { code?: unknown };
      problems.push({ path, message: `cannot be used for TLS${typeof code === 'string' ? ` (${code})` : ''}` });
    }
  };
  if (ca) attempt('ca_certificate', { ca: ca.pem });
  // Without `ca` all authorities of the system would be read.
  if (client) attempt('client_certificate', { ca: [], cert: client.pem, key: client.key });
  return problems;
}

/** Judges the certificates and the key of a request at `now`. */
export function readTlsFields(fields: TlsFields, now: Date): Read {
  const [ca, client] = [readCa(fields.ca_certificate, now), readClient(fields, now)];
  const changes = { ...ca.changes, ...client.changes };
  const problems = [...ca.problems, ...client.problems];
  return { changes, problems: problems.length > 0 ? problems : unusable(changes) };
}
