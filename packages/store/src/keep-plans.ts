import { Prisma } from './generated/client.ts';

const MARK = '/* plan kept */';
/** Texts with a plan at the most, in each process; each connection keeps a plan of each. */
const MAX_TEXTS = 32;
/** To the driver, a statement that is planned each time. */
export const UNNAMED = '';

/**
 * Stands first in a statement whose plan PostgreSQL is to keep: planning it takes longer than running it. Only for what reads
 * small tables by themselves: a plan that was made while a table was small stays until it is analysed, or the connection ends.
 */
export const keptPlan = Prisma.raw(MARK);

/** Names the marked statements, as Prisma's adapter asks for it; the others get no name, and are planned each time. */
export function nameKeptPlans(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    if (!sql.startsWith(MARK)) return UNNAMED;
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_TEXTS) return UNNAMED;
    const name = `posthorn_${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}
