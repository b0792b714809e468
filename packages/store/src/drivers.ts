import type pg from 'pg';

/** The driver under a handle, and how it names statements. */
export interface Driver {
  readonly pool: pg.Pool;
  readonly nameOf: (query: { readonly sql: string }) => string;
}

const drivers = new WeakMap<object, Driver>();

export function rememberDriver(handle: object, driver: Driver): void {
  drivers.set(handle, driver);
}

/** @returns `undefined` for a transaction, which is Prisma's alone */
export const driverOf = (handle: object): Driver | undefined => drivers.get(handle);

/** Closes the connections of a handle that Prisma itself never used; otherwise Prisma has closed them. */
export async function endDriver(handle: object): Promise<void> {
  const pool = driverOf(handle)?.pool;
  if (pool && !pool.ending) await pool.end();
}
