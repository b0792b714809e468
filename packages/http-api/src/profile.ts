import { z } from 'zod';

const catalogEntry = z.object({
  name: z.string(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()),
  sample: z.record(z.string(), z.unknown()),
});

export const profile = z
  .object({
    name: z.string(),
    event_types: z.array(catalogEntry),
    envelope: z.array(z.object({ key: z.string(), from: z.string() })),
    signature: z.object({
      algorithm: z.string(),
      encoding: z.string(),
      signed: z.array(z.string()).meta({ description: 'Joined with a dot.' }),
      secret_format: z.string(),
      header: z.string(),
      prefix: z.string(),
      timestamp_header: z.string().nullable(),
      id_header: z.object({ name: z.string(), of: z.string() }).nullable(),
      rotation: z.string(),
    }),
    attempts: z.int(),
    waits_minutes: z.array(z.number()),
    timeout_ms: z.int(),
    on_exhausted: z.string(),
    lifecycles: z.array(z.string()),
  })
  .meta({ id: 'Profile' });

export const profileList = z.object({ data: z.array(profile) }).meta({ id: 'ProfileList' });

export type Profile = z.infer<typeof profile>;
