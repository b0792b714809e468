import type pg from 'pg';
import type { NameOf } from './keep-plans.ts';

/** Connections, and how statements are named on them. */
export interface Driver {
  readonly pool: pg.Pool;
  readonly nameOf: NameOf;
}

/** What is under a handle. */
export interface Drivers {
  /** The connections that Prisma uses, too. */
  readonly shared: Driver;
  /** Those for `askByIds`, where there are any. */
  readonly byIds: Driver | null;
}

const drivers = new WeakMap<object, Drivers>();

export function rememberDrivers(handle: object, those: Drivers): void {
  drivers.set(handle, those);
}

/** @returns `undefined` for a transaction, which is Prisma's alone */
export const driversOf = (handle: object): Drivers | undefined => drivers.get(handle);

/** Closes the connections of a handle that Prisma itself never used; otherwise Prisma has closed all but those for `askByIds`. */
export async function endDrivers(handle: object): Promise<void> {
  const { shared = null, byIds = null } = driversOf(handle) ?? {};
  for (const driver of [shared, byIds]) if (driver && !driver.pool.ending) await driver.pool.end();
}
