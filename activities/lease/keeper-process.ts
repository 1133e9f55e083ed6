import { spawn } from 'node:child_process';
import { link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isAlive, readIdentity } from '../executor/process/process-identity.ts';

const KeeperSettings = z.object({
  /** `<data>/leases` */
  folder: z.string(),
  instance: z.string(),
  image: z.string(),
  processFolder: z.string(),
  pollMs: z.number().positive(),
  idleMs: z.number().positive(),
});
export type KeeperSettings = z.infer<typeof KeeperSettings>;

const PLACE = 'keeper.pid';

export function readKeeperSettings(text: string): KeeperSettings {
  return KeeperSettings.parse(JSON.parse(text));
}

/** Starts the host's keeper unless it is alive. Detached: it must not die with us. */
export async function ensureKeeper(settings: KeeperSettings): Promise<void> {
  const known = await readIdentity(join(settings.folder, PLACE));
  if (known !== null && (await isAlive(known))) return;
  await mkdir(settings.folder, { recursive: true, mode: 0o700 });
  const log = await open(join(settings.folder, 'keeper.log'), 'a', 0o600);
  try {
    const entry = fileURLToPath(new URL('keeper-main.ts', import.meta.url));
    const child = spawn(process.execPath, [entry, JSON.stringify(settings)], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    // A keeper that cannot be started is missed at the next renewal.
    child.once('error', () => undefined);
    child.unref();
  } finally {
    await log.close();
  }
}

/** Becomes the keeper of this folder; null if another one lives. */
export async function takeKeeperPlace(folder: string): Promise<{ leave(): Promise<void> } | null> {
  const path = join(folder, PLACE);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, await readFile('/proc/self/stat', 'utf8').catch(() => `${process.pid}\n`));
  try {
    for (;;) {
      try {
        await link(draft, path);
        return { leave: () => rm(path, { force: true }) };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const known = await readIdentity(path);
      if (known !== null && (await isAlive(known))) return null;
      await rm(path, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}
