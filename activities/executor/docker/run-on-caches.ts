import type { Readable } from 'node:stream';
import { FaultError } from '#core/fault.ts';
import type { BoxSettings } from './box.ts';
import { FREE_SPACE } from './daemon-fault.ts';
import { boxName, CACHES_DATA, cachesVolumeName } from './names.ts';
import { runApart } from './run-apart.ts';

/**
 * Runs a script of ours where the unpacked caches can be written: in a container of its own, since a box, into which
 * files of stages are unpacked, only reads them. A link in such a file that leads there leads nowhere (the trees are
 * those of all workspaces). `input` is its stdin; throws `disk-full` or `cache-unpack-failed` when it does not end with 0.
 */
export async function runOnCaches(
  settings: BoxSettings,
  runId: string,
  script: string,
  args: readonly string[],
  input: Readable | null = null,
): Promise<void> {
  const { code, said } = await runApart(settings, runId, {
    ...{ purpose: 'caches', script, args, input },
    host: {
      NetworkMode: `container:${boxName(runId)}`,
      Mounts: [{ Type: 'volume', Source: cachesVolumeName(settings.instance), Target: CACHES_DATA }],
    },
  });
  if (code === 0) return;
  const isFull = /no space left/i.test(said);
  throw new FaultError({
    code: isFull ? 'disk-full' : 'cache-unpack-failed',
    message: isFull ? 'No space is left on the Docker host for a cache' : 'A cache could not be unpacked',
    cause: said || `exit ${code}`,
    ...(isFull ? { fix: FREE_SPACE } : {}),
    retry: { kind: 'no' },
  });
}
