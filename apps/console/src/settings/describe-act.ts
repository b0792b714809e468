import type { AuditEntry } from '@posthorn/http-api/audit-log';

type Act = Pick<AuditEntry, 'action' | 'fields'>;

/** How fields are called in a sentence; others keep their own names. */
const fieldWords: Readonly<Record<string, string>> = {
  url: 'URL',
  events: 'event types',
  rate_limit: 'rate limit',
  ordering_skip_after: 'ordering policy',
  failure_policy: 'failure policy',
  ca_certificate: 'trusted certificates',
  client_certificate: 'client certificate',
  client_key: 'client key',
  email: 'e-mail address',
};

function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

const changed = (object: string, fields: readonly string[]): string =>
  fields.length === 0
    ? `changed ${object}`
    : `changed the ${listOf(fields.map((field) => fieldWords[field] ?? field))} of ${object}`;

/** The log keeps names of fields, never values: whether it was enabled or disabled, it does not know. */
function changedEndpoint(fields: readonly string[]): string {
  if (fields.length === 1 && fields[0] === 'status') return 'enabled or disabled an endpoint';
  return changed('an endpoint', fields);
}

type Words = string | ((fields: readonly string[]) => string);

/** What each operation does, as it is told after a name. */
const words: Readonly<Record<string, Words>> = {
  createTenant: 'made the tenant',
  updateTenant: (fields) => changed('the tenant', fields),
  createApiKey: 'made an API key',
  revokeApiKey: 'revoked an API key',
  createEndpoint: 'registered an endpoint',
  createWebhook: 'registered an endpoint',
  updateEndpoint: changedEndpoint,
  updateWebhook: changedEndpoint,
  deleteEndpoint: 'deleted an endpoint',
  deleteWebhook: 'deleted an endpoint',
  enableEndpoint: 'enabled an endpoint, because a probe succeeded',
  disableEndpoint: 'disabled an endpoint, because it kept failing',
  rotateSecret: 'gave an endpoint a new signing secret',
  testEndpoint: 'sent a test event to an endpoint',
  probeEndpoint: 'sent a probe to an endpoint',
  postEvent: 'posted an event',
  postEventBatch: 'posted a batch of events',
  putEventType: 'added or changed an event type',
  deleteEventType: 'deleted an event type',
  replayDelivery: 'replayed a delivery',
  cancelDelivery: 'cancelled a delivery',
  recoverEndpoint: 'began to recover what an endpoint missed',
  stopRecovery: 'stopped a recovery',
  postTransition: 'moved a subject to another state',
  createProfile: 'made a profile',
  putProfile: 'changed a profile',
  deleteProfile: 'deleted a profile',
  signIn: 'signed in to the console',
  signOut: 'signed out of the console',
};

/** What an entry of the audit log says, for example `changed the URL of an endpoint`; what is unknown keeps its id. */
export function describeAct({ action, fields }: Act): string {
  const known = Object.hasOwn(words, action) ? words[action] : undefined;
  if (known === undefined) return action;
  return typeof known === 'string' ? known : known(fields);
}

/** Operations that leave no entry: traffic, which is its own record, and sessions. */
const UNLOGGED: ReadonlySet<string> = new Set(['postEvent', 'postEventBatch', 'postTransition', 'signIn', 'signOut']);

/** Every operation that the log can be narrowed to, with its words. */
export const loggedActs: readonly { readonly value: string; readonly label: string }[] = Object.keys(words)
  .filter((action) => !UNLOGGED.has(action))
  .map((action) => ({ value: action, label: describeAct({ action, fields: [] }) }));
