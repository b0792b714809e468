import { profiles } from '@posthorn/wire/profiles';
import { z } from 'zod';
import { pageOf } from './paging.ts';
import { publicId } from './public-id.ts';
import { storableText } from './text.ts';
import { timestamp } from './timestamp.ts';

const NAME_MAX_CHARACTERS = 200;
const EMAIL_MAX_CHARACTERS = 254;
const QUOTA_MAX_ENDPOINTS = 1_000_000;
const QUOTA_MAX_EVENTS = 1_000_000_000;
const DEFAULT_PROFILE = 'connect-domain';

const name = storableText(1, NAME_MAX_CHARACTERS);
const email = z
  .email('must be an e-mail address')
  .max(EMAIL_MAX_CHARACTERS)
  .nullable()
  .meta({ description: 'Where notification mail goes.' });
const builtIn = z
  .enum(profiles.map((known) => known.name))
  .meta({ description: 'The delivery contract that its endpoints take over.' });
const anyProfile = storableText(1, NAME_MAX_CHARACTERS).meta({
  description:
    'A built-in profile or one of the tenant’s own. What was accepted before keeps the contract that it was accepted under.',
});

const quota = (most: number, description: string) => z.int().min(0).max(most).nullable().meta({ description });
const quotas = {
  endpoints: quota(QUOTA_MAX_ENDPOINTS, 'Endpoints that it may have; null: no limit.'),
  events_per_month: quota(
    QUOTA_MAX_EVENTS,
    'Events that it may post in a calendar month (UTC), both halves of a pair and tests included; null: no limit.',
  ),
};

/** `POST /v1/tenants` */
export const createTenantBody = z
  .strictObject({ name, profile: builtIn.default(DEFAULT_PROFILE), email: email.optional() })
  .meta({ id: 'CreateTenant', examples: [{ name: 'Acme', profile: DEFAULT_PROFILE }] });

/** `PATCH /v1/tenants/{id}` */
export const updateTenantBody = z
  .strictObject({
    name: name.optional(),
    email: email.optional(),
    profile: anyProfile.optional(),
    quotas: z.strictObject(quotas).partial().optional(),
  })
  .meta({ id: 'UpdateTenant', examples: [{ email: 'ops@acme.example' }] });

export const tenant = z
  .object({
    id: publicId('tenant'),
    name: z.string(),
    profile: z.string(),
    email: z.string().nullable(),
    quotas: z.object(quotas),
    created_at: timestamp,
  })
  .meta({ id: 'Tenant' });

/** `GET /v1/tenants/{id}` */
export const tenantDetail = tenant
  .extend({
    quota_usage: z.object({
      endpoints: z.int(),
      events_this_month: z.int().nullable().meta({ description: 'Null: not counted, since there is no limit.' }),
    }),
  })
  .meta({ id: 'TenantDetail' });

export const createdTenant = tenant
  .extend({ api_key: z.string().meta({ description: 'A key with every tenant scope. Shown this once.' }) })
  .meta({ id: 'CreatedTenant' });

export const tenantPage = pageOf(tenant).meta({ id: 'TenantPage' });

export type Tenant = z.infer<typeof tenant>;
export type TenantDetail = z.infer<typeof tenantDetail>;
