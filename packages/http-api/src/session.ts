import { scopes } from '@posthorn/domain/scopes';
import { z } from 'zod';
import { publicId } from './public-id.ts';
import { timestamp } from './timestamp.ts';

const KEY_MAX_CHARACTERS = 512;

/** `POST /v1/session` */
export const signInBody = z
  .strictObject({ api_key: z.string().min(1).max(KEY_MAX_CHARACTERS) })
  .meta({ id: 'SignIn', examples: [{ api_key: 'ph_…' }] });

/** Who asks, and what they may. */
export const session = z
  .object({
    kind: z.enum(['operator', 'tenant']),
    tenant_id: publicId('tenant').nullable().meta({ description: '`null` for the operator.' }),
    tenant_name: z.string().nullable(),
    profile: z.string().nullable(),
    scopes: z.array(z.enum(scopes)),
    expires_at: timestamp.nullable().meta({ description: 'When the console’s session ends; `null` with a key.' }),
    csrf_token: z.string().nullable().meta({
      description: 'Send it as `X-CSRF-Token` with whatever changes something; `null` with a key, which needs none.',
    }),
  })
  .meta({ id: 'Session' });

export type Session = z.infer<typeof session>;
