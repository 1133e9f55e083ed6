import { utimesSync } from 'node:fs';
import { utimes } from 'node:fs/promises';

/** Makes a file young, so that a sweep leaves it to who relies on it from now on. False: it is not there. */
export async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

/** The same where waiting would cost more. */
export function touchSync(path: string): boolean {
  const now = new Date();
  try {
    utimesSync(path, now, now);
    return true;
  } catch {
    return false;
  }
}
