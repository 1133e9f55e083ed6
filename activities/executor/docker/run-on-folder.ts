import type { Readable } from 'node:stream';
import { FaultError } from '#core/fault.ts';
import type { Box, BoxSettings } from './box.ts';
import { FREE_SPACE } from './daemon-fault.ts';
import { CACHES_DATA, cachesVolumeName } from './names.ts';
import { runApart } from './run-apart.ts';

/** Where the folder lies in the container of {@link runOnFolder}. */
export const TARGET = '/target';

/**
 * Runs a script of ours on one folder of the run's volume, with the unpacked caches to read: in a container of its own
 * that can write nothing else. Links of a cache may lead anywhere, and those of two trees out together, so what is
 * unpacked over them could go through one into a box, whose programs we run as root next. Throws `disk-full` or `box-failed` when it does not end
 * with 0.
 */
export async function runOnFolder(
  settings: BoxSettings,
  box: Box,
  folder: string,
  script: string,
  args: readonly string[],
  input: Readable | null = null,
): Promise<void> {
  const { code, said } = await runApart(settings, box.runId, {
    ...{ purpose: 'folder', script, args, input },
    host: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      Mounts: [
        { Type: 'bind', Source: `${box.runMountpoint}/${folder}`, Target: TARGET },
        { Type: 'volume', Source: cachesVolumeName(settings.instance), Target: CACHES_DATA, ReadOnly: true },
      ],
    },
  });
  if (code === 0) return;
  const isFull = /no space left/i.test(said);
  throw new FaultError({
    code: isFull ? 'disk-full' : 'box-failed',
    message: isFull
      ? 'No space is left on the Docker host for the files of this run'
      : 'BuildIt could not put files over others of the workspace',
    cause: said || `exit ${code}`,
    ...(isFull ? { fix: FREE_SPACE } : {}),
    ...(/read-only file system/i.test(said)
      ? {
          fix: 'keep links that lead out of the workspace out of its caches and artifacts, or artifacts off their paths',
        }
      : {}),
    retry: { kind: 'no' },
  });
}
