import { v7 } from 'uuid';

/** A UUIDv7 of this moment: ids sort by creation. */
export const newId = (): string => v7();
