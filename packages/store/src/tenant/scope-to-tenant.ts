import type { Database } from '../open-database.ts';

/** Models whose rows belong to a tenant: each has a `tenantId`. */
const TENANT_MODELS = [
  'ApiKey',
  'Attempt',
  'AuditEntry',
  'Delivery',
  'Endpoint',
  'Event',
  'EventType',
  'FiredPair',
  'HealthChange',
  'IdempotencyKey',
  'LifecycleSubject',
  'Notification',
  'OwnProfile',
  'Recovery',
  'UsageRecord',
] as const;
type TenantModel = (typeof TENANT_MODELS)[number];

/** Operations that find rows by a `where`; the tenant is added to it. */
const FILTERED = new Set([
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
  'aggregate',
  'groupBy',
  'updateMany',
  'updateManyAndReturn',
  'deleteMany',
]);
const CREATING = new Set(['create', 'createMany', 'createManyAndReturn']);

type Arguments = { where?: object; data?: object | object[] };

function scoped(args: Arguments, operation: string, tenantId: string): Arguments {
  if (FILTERED.has(operation)) return { ...args, where: { AND: [args.where ?? {}, { tenantId }] } };
  if (!CREATING.has(operation))
    throw new Error(`${operation} cannot be scoped to a tenant; use findFirst, or its …Many form`);
  const { data } = args;
  const stamped = Array.isArray(data) ? data.map((row: object) => ({ ...row, tenantId })) : { ...data, tenantId };
  return { ...args, data: stamped };
}

/**
 * The one place where tenant isolation is made: a client whose every query is confined to one tenant's rows.
 * Models without a tenant and raw SQL are refused, so no query written with it can go around.
 */
export function scopeToTenant(database: Database, tenantId: string) {
  const refuse = (): never => {
    throw new Error('Raw SQL is not scoped to a tenant; write it in store/engine');
  };
  return database.$extends({
    name: 'scope-to-tenant',
    client: { $queryRaw: refuse, $queryRawUnsafe: refuse, $executeRaw: refuse, $executeRawUnsafe: refuse },
    query: {
      $allModels: {
        $allOperations({ model, operation, args, query }) {
          if (!TENANT_MODELS.includes(model as TenantModel)) throw new Error(`${model} belongs to no tenant`);
          return query(scoped(args as Arguments, operation, tenantId) as typeof args);
        },
      },
    },
  });
}

/** A client that sees one tenant alone. */
export type TenantDatabase = ReturnType<typeof scopeToTenant>;
