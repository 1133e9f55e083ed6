import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { FaultError } from '#core/fault.ts';
import { nameInTree } from '../caches.ts';
import { removeQuietly } from './collect.ts';
import { readFrames, requireIterable } from './frames.ts';
import { boxName, INSTANCE_LABEL, RUN_LABEL, WORKSPACE } from './names.ts';

const ROOT = '/collect';

/** Packs those of the paths that are there; without any, an archive of nothing. */
const PACK = [
  `cd ${ROOT} || exit 1`,
  'for path do shift; if [ -e "./$path" ] || [ -L "./$path" ]; then set -- "$@" "$path"; fi; done',
  '[ $# -eq 0 ] || exec tar -c -f - -- "$@"',
].join('\n');

/**
 * Whole folders of an attempt, as caches name them, from a container of ours that mounts what the stage's container
 * mounts and runs nothing of it. The container is gone when the stream is; a stream that is not whole fails.
 */
export async function collectTrees(
  docker: Docker,
  options: {
    attempt: string;
    runId: string;
    instance: string;
    image: string;
    mounts: readonly Docker.MountSettings[];
    home: string | null;
  },
  paths: readonly string[],
): Promise<Readable> {
  const { attempt, runId, instance, image, home } = options;
  const name = `${attempt}-collect-${randomBytes(4).toString('hex')}`;
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: ['sh', '-c', PACK, 'sh', ...paths.map(nameInTree)],
    AttachStdout: true,
    Labels: { [INSTANCE_LABEL]: instance, [RUN_LABEL]: runId },
    HostConfig: {
      NetworkMode: `container:${boxName(runId)}`,
      LogConfig: { Type: 'none', Config: {} },
      SecurityOpt: ['no-new-privileges'],
      Mounts: options.mounts.flatMap((mount) => {
        const target = place(mount.Target, home);
        return target === null ? [] : [{ ...mount, Target: target, ReadOnly: true }];
      }),
    },
  });
  const stream = requireIterable(await container.attach({ stream: true, stdout: true, hijack: true }));
  const ended = container.wait();
  ended.catch(() => undefined);
  await container.start();
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      yield* readFrames(stream);
      const { StatusCode: code } = (await ended) as { StatusCode: number };
      if (code === 0) return;
      throw new FaultError({
        code: 'collect-failed',
        message: 'The files of the stage could not be packed',
        cause: `tar ended with ${code}`,
        retry: { kind: 'no' },
      });
    } finally {
      await removeQuietly(docker, name);
    }
  }
  return Readable.from(read(), { objectMode: false });
}

/** Where a mount of the stage stands in our container; null for what is neither workspace nor home. */
function place(target: string, home: string | null): string | null {
  if (target === WORKSPACE || target.startsWith(`${WORKSPACE}/`)) return `${ROOT}${target}`;
  if (home !== null && target.startsWith(`${home === '/' ? '' : home}/`)) {
    return `${ROOT}/home${target.slice(home === '/' ? 0 : home.length)}`;
  }
  return null;
}
