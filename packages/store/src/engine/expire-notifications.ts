import { uuidFloor } from '@posthorn/domain/uuid-time';
import type { Database } from '../open-database.ts';

/** Rows of one statement; the next round goes on. */
const MAX_ROWS = 5_000;

/** Deletes notifications of before then that were sent, logged or given up. @returns how many */
export const expireNotifications = (database: Database, before: Date): Promise<number> => database.$executeRaw`
  DELETE FROM notifications WHERE id IN (
    SELECT id FROM notifications WHERE id < ${uuidFloor(before)}::uuid AND status <> 'pending'
    ORDER BY id LIMIT ${MAX_ROWS} FOR UPDATE SKIP LOCKED)`;
