import { allowsScope, type Scope } from '@posthorn/domain/scopes';
import { decodeTypeId } from '@posthorn/domain/type-id';
import type { ProfileFinder, ProfileRef } from '@posthorn/store/find-profile';
import type { KeyTerms } from '@posthorn/store/key-terms';
import type { TenantDatabase } from '@posthorn/store/tenant/scope-to-tenant';
import type { Profile } from '@posthorn/wire/profile';
import { AppError, invalid, notFound } from './app-error.ts';
import type { Caller } from './request-context.ts';

/** The tenant that a request works on. */
export interface TenantScope {
  readonly id: string;
  readonly profile: Profile;
  /** The version, where the profile is the tenant's own. */
  readonly profileId: string | null;
  /** Whether its events are counted against a quota. */
  readonly limited: boolean;
  /** The terms of a caller's key that was not looked up for this request: what is stored has to confirm them. */
  readonly under: KeyTerms | null;
  /** Sees this tenant's rows alone. */
  readonly database: TenantDatabase;
}

/** A tenant's profile, and whether its events are counted. */
export type TenantTerms = ProfileRef & { readonly limited: boolean };

export interface ResolveTenantDeps {
  /** On which terms a tenant is, or `null` when there is no such tenant. */
  readonly findTenantTerms: (tenantId: string) => Promise<TenantTerms | null>;
  readonly findProfile: ProfileFinder;
  readonly scopeTo: (tenantId: string) => TenantDatabase;
}

/** @throws AppError `forbidden` when the caller lacks the scope */
export function requireScope(caller: Caller, scope: Scope | null): void {
  if (scope === null || caller.kind === 'operator') return;
  if (!allowsScope(caller.scopes, scope)) {
    throw new AppError('forbidden', { detail: `This key does not have the scope ${scope}.` });
  }
}

async function open(
  id: string,
  terms: TenantTerms,
  under: KeyTerms | null,
  deps: ResolveTenantDeps,
): Promise<TenantScope> {
  const { profileId, limited } = terms;
  return { id, profile: await deps.findProfile(terms), profileId, limited, under, database: deps.scopeTo(id) };
}

/**
 * The tenant that the caller is, or that the operator acts as.
 *
 * @param asked the header `X-Tenant-Id`
 * @returns `null` when the operator names none
 * @throws AppError `forbidden` when a tenant names another one, `not_found` when the operator names none that exists
 */
export async function resolveTenant(
  caller: Caller,
  asked: string | undefined,
  deps: ResolveTenantDeps,
): Promise<TenantScope | null> {
  const id = asked === undefined ? null : decodeTypeId('tenant', asked);
  if (caller.kind === 'tenant') {
    if (asked !== undefined && id !== caller.tenantId) {
      throw new AppError('forbidden', { detail: 'Only the operator may act as another tenant with X-Tenant-Id.' });
    }
    return open(caller.tenantId, caller, caller.remembered ? caller : null, deps);
  }
  if (asked === undefined) return null;
  const terms = id === null ? null : await deps.findTenantTerms(id);
  if (id === null || terms === null) throw notFound('X-Tenant-Id names no tenant.');
  return open(id, terms, null, deps);
}

/** What the operator is told on a tenant's route without a tenant. */
export const tenantMissing = (): AppError =>
  invalid({
    path: 'X-Tenant-Id',
    message: 'must be sent: with the operator’s key, this route needs a tenant to act as',
  });
