import type { Transaction } from '../open-database.ts';

/** The signing secrets of one endpoint, sealed for it. */
export interface SealedSecrets {
  readonly id: string;
  readonly secretSealed: string;
  readonly nextSecretSealed: string | null;
  /** Set where the secret is a key pair's. */
  readonly publicKey: string | null;
  readonly nextPublicKey: string | null;
}

/** The secrets of all endpoints of a tenant that are not deleted. */
export const listSealedSecrets = (tx: Transaction, tenantId: string): Promise<SealedSecrets[]> =>
  tx.endpoint.findMany({
    where: { tenantId, deletedAt: null },
    select: { id: true, secretSealed: true, nextSecretSealed: true, publicKey: true, nextPublicKey: true },
    orderBy: { id: 'asc' },
  });
