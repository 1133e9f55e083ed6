import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError } from '#core/fault.ts';
import type { BoxSettings } from './box.ts';
import { removeQuietly } from './collect.ts';
import { readFrames, requireIterable } from './frames.ts';
import { boxName, CACHES_DATA, cachesVolumeName, INSTANCE_LABEL, RUN_LABEL } from './names.ts';

/**
 * Runs a script of ours where the unpacked caches can be written: in a container of its own, since a box, into which
 * files of stages are unpacked, only reads them. A link in such a file that leads there leads nowhere (the trees are
 * those of all workspaces). `input` is its stdin; throws `disk-full` or `cache-unpack-failed` when it does not end with 0.
 */
export async function runOnCaches(
  { docker, instance, image }: BoxSettings,
  runId: string,
  script: string,
  args: readonly string[],
  input: Readable | null = null,
): Promise<void> {
  const name = `bi-${runId}-caches-${randomBytes(4).toString('hex')}`;
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: ['sh', '-c', script, 'sh', ...args],
    ...(input === null ? {} : { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    AttachStdout: true,
    AttachStderr: true,
    Labels: { [INSTANCE_LABEL]: instance, [RUN_LABEL]: runId },
    HostConfig: {
      NetworkMode: `container:${boxName(runId)}`,
      LogConfig: { Type: 'none', Config: {} },
      SecurityOpt: ['no-new-privileges'],
      Mounts: [{ Type: 'volume', Source: cachesVolumeName(instance), Target: CACHES_DATA }],
    },
  });
  try {
    const options = { stream: true, stdin: input !== null, stdout: true, stderr: true, hijack: true } as const;
    const stream = requireIterable(await container.attach(options));
    const ended = container.wait() as Promise<{ StatusCode: number }>;
    ended.catch(() => undefined);
    await container.start();
    // A script that ends early closes its stdin: its exit code then says more than our broken pipe.
    const writing = input === null ? null : pipeline(input, stream, { end: true }).catch(() => undefined);
    const chunks: Uint8Array[] = [];
    for await (const chunk of readFrames(stream)) chunks.push(chunk);
    await writing;
    const { StatusCode: code } = await ended;
    if (code === 0) return;
    const said = Buffer.concat(chunks).toString('utf8').trim().slice(-2_000);
    const isFull = /no space left/i.test(said);
    throw new FaultError({
      code: isFull ? 'disk-full' : 'cache-unpack-failed',
      message: isFull ? 'No space is left on the Docker host for a cache' : 'A cache could not be unpacked',
      cause: said || `exit ${code}`,
      retry: { kind: 'no' },
    });
  } finally {
    await removeQuietly(docker, name);
  }
}
