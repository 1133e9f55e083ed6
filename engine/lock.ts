import { DatabaseSync } from 'node:sqlite';

/** The right to be the one engine of a data folder; the kernel takes it back when the process dies. */
export interface EngineLock {
  release(): void;
}

/**
 * Takes the lock of a data folder, or null when another process has it (ENGINE 3). SQLite's file lock is the kernel's
 * own (fcntl), which Node has no call for. No other code of this process may open the file: closing any descriptor of
 * it would drop the lock.
 */
export function takeEngineLock(file: string): EngineLock | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && error.message.includes('locked')) return null;
    throw error;
  }
  return { release: () => database.close() };
}
