import type { TenantDatabase } from './scope-to-tenant.ts';

/** A rotation: the new secret, and how long the old one stays beside it. */
export interface Rotation {
  /** Sealed with the context `<endpoint id>/secret`. */
  readonly newSealed: string;
  /** 0 switches at once. */
  readonly overlapMs: number;
  readonly now: Date;
}

const columns = { secretSealed: true, nextSecretSealed: true, overlapEndsAt: true } as const;
/** Rotations of one endpoint at once: whoever reads an outdated row reads again. */
const MAX_TRIES = 5;

interface Secrets {
  readonly secretSealed: string;
  readonly nextSecretSealed: string | null;
  readonly overlapEndsAt: Date | null;
}

function rotated(secrets: Secrets, { newSealed, overlapMs, now }: Rotation): Secrets {
  if (overlapMs === 0) return { secretSealed: newSealed, nextSecretSealed: null, overlapEndsAt: null };
  const ended = secrets.overlapEndsAt !== null && secrets.overlapEndsAt <= now;
  return {
    secretSealed: (ended && secrets.nextSecretSealed) || secrets.secretSealed,
    nextSecretSealed: newSealed,
    overlapEndsAt: new Date(now.getTime() + overlapMs),
  };
}

/**
 * Gives an endpoint a new secret. A rotation whose overlap has ended is completed first; one under way has its new
 * secret replaced.
 *
 * @returns `lost` when other rotations of the same endpoint kept winning
 */
export async function rotateSecret(
  database: TenantDatabase,
  id: string,
  rotation: Rotation,
): Promise<'rotated' | 'not_found' | 'lost'> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const secrets = await database.endpoint.findFirst({ where: { id, deletedAt: null }, select: columns });
    if (!secrets) return 'not_found';
    const { count } = await database.endpoint.updateMany({
      where: { id, deletedAt: null, secretSealed: secrets.secretSealed, nextSecretSealed: secrets.nextSecretSealed },
      data: rotated(secrets, rotation),
    });
    if (count > 0) return 'rotated';
  }
  return 'lost';
}
