import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { BoxSettings } from './box.ts';
import { removeQuietly } from './collect.ts';
import { readFrames, requireIterable } from './frames.ts';
import { INSTANCE_LABEL, RUN_LABEL } from './names.ts';

export interface ApartOptions {
  /** Part of the container's name. */
  purpose: string;
  script: string;
  /** `$1`, … of the script. */
  args: readonly string[];
  /** Its stdin. */
  input: Readable | null;
  /** All that it can write, beside its own root where that is not read-only. */
  host: Pick<Docker.HostConfig, 'Mounts' | 'NetworkMode' | 'ReadonlyRootfs'>;
}

/**
 * Runs a script of ours in a container of its own that is thrown away: for what a run's box must not touch or must not
 * be touched by. Answers how it ended and the last it said.
 */
export async function runApart(
  { docker, instance, image }: BoxSettings,
  runId: string,
  { purpose, script, args, input, host }: ApartOptions,
): Promise<{ code: number; said: string }> {
  const name = `bi-${runId}-${purpose}-${randomBytes(4).toString('hex')}`;
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: ['sh', '-c', script, 'sh', ...args],
    ...(input === null ? {} : { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    AttachStdout: true,
    AttachStderr: true,
    Labels: { [INSTANCE_LABEL]: instance, [RUN_LABEL]: runId },
    HostConfig: { LogConfig: { Type: 'none', Config: {} }, SecurityOpt: ['no-new-privileges'], ...host },
  });
  try {
    const options = { stream: true, stdin: input !== null, stdout: true, stderr: true, hijack: true } as const;
    const stream = requireIterable(await container.attach(options));
    await container.start();
    // A script that ends early closes its stdin: its exit code then says more than our broken pipe.
    const writing = input === null ? null : pipeline(input, stream, { end: true }).catch(() => undefined);
    const chunks: Uint8Array[] = [];
    for await (const chunk of readFrames(stream)) chunks.push(chunk);
    await writing;
    // Asked before the start it answers at once, with 0: what was only created is not running either.
    const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
    return { code, said: Buffer.concat(chunks).toString('utf8').trim().slice(-2_000) };
  } finally {
    await removeQuietly(docker, name);
  }
}
