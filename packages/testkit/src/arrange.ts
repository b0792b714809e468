import { encodeTypeId } from '@posthorn/domain/type-id';
import { createSecretBox, type SecretBox } from '@posthorn/store/create-secret-box';
import { acceptEvents } from '@posthorn/store/engine/accept-events';
import type { DueDelivery, JobRoom } from '@posthorn/store/engine/event-request';
import type { Act } from '@posthorn/store/note-act';
import { type Database, openDatabase } from '@posthorn/store/open-database';
import { sealedFor } from '@posthorn/store/sealed-columns';
import { buildEnvelope } from '@posthorn/wire/build-envelope';
import { findProfile } from '@posthorn/wire/profiles';
import { v7 } from 'uuid';
import { TEST_SECRETS_KEY } from './start-process.ts';

/** The signing secret of every arranged endpoint. */
export const ARRANGED_SECRET = 'whsec_dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=';
const CONNECTIONS = 4;

/** What the audit log says of something that a test does in the operator's name. */
export const operatorAct = (objectType: string, objectId: string): Act => ({
  actor: 'operator',
  keyId: null,
  address: '127.0.0.1',
  requestId: 'test',
  action: 'test',
  objectType,
  objectId,
  fields: ['status'],
});

/** Puts tenants, endpoints and events into a database as the API would, without its process. */
export interface Arranged {
  readonly database: Database;
  tenant(profile?: string): Promise<string>;
  /** @returns the endpoint's UUID */
  endpoint(
    tenantId: string,
    url: string,
    options?: { events?: string[]; status?: string; rateLimit?: number; orderingSkipAfter?: number },
  ): Promise<string>;
  /**
   * Accepts events of a type, by another connection where one is given.
   *
   * @returns their deliveries that are due, without any job; not those that are parked or held
   */
  events(
    tenantId: string,
    count: number,
    options?: { type?: string; profile?: string; room?: JobRoom; orderingKey?: string; by?: Database },
  ): Promise<DueDelivery[]>;
  close(): Promise<void>;
}

export function arrange(databaseUrl: string): Arranged {
  const database = openDatabase(databaseUrl, CONNECTIONS);
  const secretBox: SecretBox = createSecretBox([TEST_SECRETS_KEY]);
  return {
    database,
    async tenant(profile = 'connect-domain') {
      const id = v7();
      await database.tenant.create({ data: { id, name: 'Test', profile } });
      return id;
    },
    async endpoint(tenantId, url, { events = [], status = 'enabled', rateLimit, orderingSkipAfter } = {}) {
      const id = v7();
      const secretSealed = secretBox.seal(ARRANGED_SECRET, sealedFor(id, 'secret'));
      await database.endpoint.create({
        data: {
          id,
          tenantId,
          url,
          description: '',
          events,
          status,
          secretSealed,
          rateLimit: rateLimit ?? null,
          orderingSkipAfter: orderingSkipAfter ?? null,
        },
      });
      return id;
    },
    async events(
      tenantId,
      count,
      { type = 'domain.verified', profile: name = 'connect-domain', room, orderingKey, by = database } = {},
    ) {
      const profile = findProfile(name);
      if (!profile) throw new Error(`No profile ${name}`);
      const requests = Array.from({ length: count }, (_, index) => {
        const id = v7();
        const createdAt = new Date();
        const jobId = `job-${index}`;
        const event = {
          id: encodeTypeId('event', id),
          type,
          jobId,
          dataText: '{"hostname":"app.customer.example"}',
          aggregateVersion: null,
          createdAt,
        };
        const payload = buildEnvelope(profile, event);
        const row = {
          id,
          tenantId,
          type,
          jobId,
          payload,
          profile: profile.name,
          profileId: null,
          timeoutMs: profile.timeoutMs,
          aggregateVersion: null,
          createdAt,
          attemptLimit: profile.attempts,
          firedWith: null,
          onlyEndpointId: null,
          ...(orderingKey !== undefined && { orderingKey }),
        };
        return {
          events: [row] as const,
          callId: id,
          pair: '',
          idempotency: null,
          firesPairFor: null,
          endsPairOf: null,
          ...(room && { room }),
        };
      });
      const accepted = await acceptEvents(by, requests);
      return accepted.flatMap((result) => (result.kind === 'accepted' ? result.due : []));
    },
    close: () => database.$disconnect(),
  };
}
