import { Prisma } from './generated/client.ts';

const MARK = '/* plan kept */';
/** Texts with a plan at the most, in each process; each connection keeps a plan of each. */
const MAX_TEXTS = 32;
/** To the driver, a statement that is planned each time. */
export const UNNAMED = '';

/** Names statements by their text, as Prisma's adapter asks for it. */
export type NameOf = (query: { readonly sql: string }) => string;

/**
 * Stands first in a statement whose plan PostgreSQL is to keep: planning it takes longer than running it. Only for what reads
 * small tables by themselves: a plan that was made while a table was small stays until it is analysed, or the connection ends.
 * What finds rows of large tables by their ids is for `askByIds`.
 */
export const keptPlan = Prisma.raw(MARK);

/** Names every statement, so that its plan may be kept. */
export function nameAll(): NameOf {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_TEXTS) return UNNAMED;
    const name = `posthorn_${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}

/** Names the marked statements; the others get no name, and are planned each time. */
export function nameKeptPlans(): NameOf {
  const nameOf = nameAll();
  return (query) => (query.sql.startsWith(MARK) ? nameOf(query) : UNNAMED);
}
