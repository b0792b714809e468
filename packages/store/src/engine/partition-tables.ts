import { Prisma } from '../generated/client.ts';

const SUFFIX = /^_(default|[0-9]{8})$/;

/** The three tables of one partition, to stand in a statement. @throws where the suffix is none */
export function partitionTables(suffix: string) {
  if (!SUFFIX.test(suffix)) throw new Error(`No partition ends with ${suffix}`);
  const table = (parent: string): Prisma.Sql => Prisma.raw(`"${parent}${suffix}"`);
  return { events: table('events'), deliveries: table('deliveries'), attempts: table('attempts') };
}
