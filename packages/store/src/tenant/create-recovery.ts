import { type Act, noteAct } from '../note-act.ts';
import type { RecoveryScope } from '../operator/count-recoverable.ts';
import { type RecoveryRow, recoveryColumns } from './find-recovery.ts';
import type { TenantDatabase } from './scope-to-tenant.ts';

/** Stores a recovery, which a dispatcher then carries on. @param matched what it is expected to replay */
export const createRecovery = (
  database: TenantDatabase,
  id: string,
  { statuses, ...scope }: RecoveryScope,
  matched: number,
  act: Act,
): Promise<RecoveryRow> =>
  database.$transaction(async (tx) => {
    const data = { id, ...scope, statuses: [...statuses], matched };
    const row = await tx.recovery.create({ data, select: recoveryColumns });
    await noteAct(tx, scope.tenantId, act);
    return row;
  });
