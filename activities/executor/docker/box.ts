import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { FaultError } from '#core/fault.ts';
import { explain, isUnreachable, statusOf } from './daemon-fault.ts';
import { readFrames } from './frames.ts';
import { ensureImage } from './image.ts';
import { boxName, INSTANCE_LABEL, RUN_DATA, RUN_LABEL, runVolumeName, SOURCE_DATA } from './names.ts';

/**
 * The run's own container: its network namespace is the one all stages of the run join (a container that joins starts
 * in half the time of one with a network of its own), and it is the only way files enter: it mounts the run's volume
 * and the source's. Never the stage's image, never a stage's files as programs (ARCHITECTURE §3.8).
 */
export interface Box {
  runId: string;
  /** This call made it. */
  isNew: boolean;
  /** Where the run's volume lies on the daemon's host. */
  runMountpoint: string;
  /** Where the source's volume lies there; null with `--in-place`, and when only the run's own data is reached for. */
  sourceMountpoint: string | null;
}

export interface SourceVolume {
  name: string;
  labels: Record<string, string>;
}

export interface BoxSettings {
  docker: Docker;
  instance: string;
  /** `busybox:1.37` unless the system says otherwise. */
  image: string;
}

/** Creates and starts what is missing of a run's box; safe to call at any time. */
export async function ensureBox(settings: BoxSettings, runId: string, source: SourceVolume | null): Promise<Box> {
  const { docker } = settings;
  const labels = { [INSTANCE_LABEL]: settings.instance, [RUN_LABEL]: runId };
  const volume = runVolumeName(runId);
  const [runMountpoint, sourceMountpoint] = await Promise.all([
    ensureVolume(docker, volume, labels),
    source === null ? null : ensureVolume(docker, source.name, source.labels),
  ]);
  const isNew = await createBox(settings, runId, labels, source?.name ?? null);
  try {
    await docker.getContainer(boxName(runId)).start();
  } catch (error) {
    if (statusOf(error) !== 304) throw error;
  }
  return { runId, isNew, runMountpoint, sourceMountpoint };
}

/** Creates a volume unless it is there; answers its path on the daemon's host. */
export async function ensureVolume(docker: Docker, name: string, labels: Record<string, string>): Promise<string> {
  await docker.createVolume({ Name: name, Labels: labels });
  return (await docker.getVolume(name).inspect()).Mountpoint;
}

async function createBox(
  { docker, image }: BoxSettings,
  runId: string,
  labels: Record<string, string>,
  sourceVolume: string | null,
): Promise<boolean> {
  const create = (): Promise<unknown> =>
    docker.createContainer({
      name: boxName(runId),
      Image: image,
      Cmd: ['sleep', '2147483647'],
      Hostname: 'buildit',
      Labels: labels,
      HostConfig: {
        Init: true,
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'none', Config: {} },
        Mounts: [
          { Type: 'volume', Source: runVolumeName(runId), Target: RUN_DATA },
          ...(sourceVolume === null ? [] : [{ Type: 'volume' as const, Source: sourceVolume, Target: SOURCE_DATA }]),
        ],
      },
    });
  try {
    await create();
    return true;
  } catch (error) {
    if (statusOf(error) === 409) return false;
    if (statusOf(error) !== 404) throw error;
    await ensureImage(docker, { ref: image, pull: 'missing' });
    await create().catch((again: unknown) => {
      if (statusOf(again) !== 409) throw again;
    });
    return true;
  }
}

/**
 * Runs a script of ours in the box (`$1`, … are `args`) with `input` as its stdin; answers its output. Throws
 * `disk-full` or `box-failed` when it does not end with 0.
 */
export async function runInBox(
  docker: Docker,
  runId: string,
  script: string,
  args: readonly string[],
  input: Readable | null = null,
): Promise<Buffer> {
  const exec = await docker.getContainer(boxName(runId)).exec({
    Cmd: ['sh', '-c', script, 'sh', ...args],
    AttachStdin: input !== null,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: input !== null });
  const chunks: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of readFrames(stream)) chunks.push(chunk);
  })();
  // A script that ends early closes its stdin: its exit code then says more than our broken pipe.
  const writing = input === null ? null : pipeline(input, stream, { end: true }).catch((error: unknown) => error);
  const settled = await Promise.allSettled([reading, writing]);
  const output = Buffer.concat(chunks);
  const { ExitCode: code } = await exec.inspect();
  if (code === 0) return output;
  const broken = settled.find((outcome) => outcome.status === 'rejected');
  if (broken && isUnreachable(broken.reason)) throw broken.reason;
  const said = output.toString('utf8').trim().slice(-2_000);
  const failed = settled[1].status === 'fulfilled' ? settled[1].value : null;
  throw new FaultError({
    code: /no space left/i.test(said) ? 'disk-full' : 'box-failed',
    message: /no space left/i.test(said)
      ? 'No space is left on the Docker host for the files of this run'
      : 'BuildIt could not put files into its own container',
    cause: said || (failed ? explain(failed) : `exit ${code}`),
    retry: { kind: 'no' },
  });
}
