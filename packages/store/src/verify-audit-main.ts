// What `npm run audit:verify` runs: says of every chain of the audit log whether it is whole, and fails if one is not.
import { encodeTypeId } from '@posthorn/domain/type-id';
import { OPERATOR_CHAIN } from './note-act.ts';
import { closeDatabase, openDatabase } from './open-database.ts';
import { type ChainReport, verifyAudit } from './operator/verify-audit.ts';

function describe({ tenantId, end, broken }: ChainReport): string {
  const chain = tenantId === OPERATOR_CHAIN ? 'operator' : encodeTypeId('tenant', tenantId);
  const hash = Buffer.from(end.hash).toString('hex');
  return broken
    ? `${chain}  BROKEN at entry ${broken.number}: ${broken.problem}`
    : `${chain}  ${end.number} entries, whole, ends with ${hash}`;
}

const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) {
  console.error('DATABASE_URL is not set: name the PostgreSQL database whose audit log is to be verified');
  process.exit(1);
}
try {
  const database = openDatabase(databaseUrl, 1);
  const reports = await verifyAudit(database);
  await closeDatabase(database);
  for (const report of reports) console.log(describe(report));
  const broken = reports.filter((report) => report.broken !== null).length;
  console.log(broken > 0 ? `${broken} of ${reports.length} chains are broken` : `${reports.length} chains are whole`);
  process.exit(broken > 0 ? 1 : 0);
} catch (error) {
  console.error(`The audit log could not be read: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
