import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Key of this data folder from which the nonces of step marks are derived; made once, 0600. */
export async function readMarkKey(dataFolder: string): Promise<string> {
  const path = join(dataFolder, 'mark.key');
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known !== null) return known;
  // Whole before it has its name, and the first of two that start at once wins.
  const draft = `${path}.${process.pid}`;
  try {
    await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 });
    await link(draft, path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}
