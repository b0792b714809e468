/** Every scope a key can have (seed 003, and the contract's additions). */
export const scopes = [
  'webhooks:read',
  'webhooks:write',
  'events:write',
  'connections:read',
  'connections:write',
  'usage:read',
  'apps:admin',
] as const;
export type Scope = (typeof scopes)[number];

/** Scopes that a tenant's keys may have; `apps:admin` is the operator's alone. */
export const tenantScopes = scopes.filter((scope) => scope !== 'apps:admin');

const implied: Partial<Record<Scope, readonly Scope[]>> = {
  'webhooks:write': ['webhooks:read'],
  'connections:write': ['connections:read'],
};

/** Whether a key with `granted` scopes may do what needs `wanted`. The operator's key may do everything. */
export function allowsScope(granted: readonly Scope[], wanted: Scope): boolean {
  return granted.some((scope) => scope === 'apps:admin' || scope === wanted || implied[scope]?.includes(wanted));
}
