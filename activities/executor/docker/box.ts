import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { FaultError } from '#core/fault.ts';
import { explain, FREE_SPACE, isUnreachable, statusOf } from './daemon-fault.ts';
import { readFrames } from './frames.ts';
import { ensureImage } from './image.ts';
import {
  boxName,
  CACHES_DATA,
  cachesVolumeName,
  INSTANCE_LABEL,
  RUN_DATA,
  RUN_LABEL,
  runVolumeName,
  SOURCE_DATA,
} from './names.ts';

/**
 * The run's own container: its network namespace is the one all stages of the run join (a container that joins starts
 * in half the time of one with a network of its own), and it is the only way files enter: it mounts the run's volume
 * and the source's. Never the stage's image, never a stage's files as programs (ARCHITECTURE §3.8).
 */
export interface Box {
  runId: string;
  /** Where the run's volume lies on the daemon's host. */
  runMountpoint: string;
  /** Where the source's volume lies there; null with `--in-place`, and when only the run's own data is reached for. */
  sourceMountpoint: string | null;
  /** Where unpacked caches lie there; null when the run was not known to have caches. */
  cachesMountpoint: string | null;
}

export interface SourceVolume {
  name: string;
  labels: Record<string, string>;
}

/** What a box mounts beside the run's own volume. */
export interface BoxContent {
  source: SourceVolume | null;
  /** Unpacked caches. */
  caches: boolean;
}

export interface BoxSettings {
  docker: Docker;
  instance: string;
  /** `busybox:1.37` unless the system says otherwise. */
  image: string;
}

/** Where the volumes of a box lie on the daemon's host. */
export type Mountpoints = Omit<Box, 'runId'>;

/**
 * Makes sure that a run has its box, and that it runs; safe to call at any time. `rename` may bring one that was made
 * before, with its places.
 */
export async function ensureBox(
  settings: BoxSettings,
  runId: string,
  { source, caches }: BoxContent,
  rename: (name: string) => Promise<Mountpoints | null> = async () => null,
): Promise<Box> {
  const name = boxName(runId);
  const labels = { [INSTANCE_LABEL]: settings.instance, [RUN_LABEL]: runId };
  const renamed = await rename(name);
  if (renamed) return { runId, ...renamed };
  await createBox(settings, { name, labels, volume: runVolumeName(runId), source, caches });
  const container = settings.docker.getContainer(name);
  await startBox(container);
  return { runId, ...(await findMountpoints(container)) };
}

export async function startBox(container: Docker.Container): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    if (statusOf(error) !== 304) throw error;
  }
}

export async function findMountpoints(container: Docker.Container): Promise<Mountpoints> {
  const { Mounts: mounts } = await container.inspect();
  const find = (target: string) => mounts.find((mount) => mount.Destination === target)?.Source ?? null;
  const runMountpoint = find(RUN_DATA);
  if (runMountpoint === null) throw new Error(`the box ${container.id} has no volume of a run`);
  return { runMountpoint, sourceMountpoint: find(SOURCE_DATA), cachesMountpoint: find(CACHES_DATA) };
}

/** Creates a box unless its name is taken. Without `volume` the run's data is an anonymous one, which goes with it. */
export async function createBox(
  { docker, image, instance }: BoxSettings,
  box: { name: string; labels: Record<string, string>; volume: string | null } & BoxContent,
): Promise<void> {
  const { name, labels, volume, source, caches } = box;
  const create = (): Promise<unknown> =>
    docker.createContainer({
      name,
      Image: image,
      Cmd: ['sleep', '2147483647'],
      Hostname: 'buildit',
      Labels: labels,
      HostConfig: {
        Init: true,
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'none', Config: {} },
        Mounts: [
          volume === null
            ? { Type: 'volume', Source: '', Target: RUN_DATA }
            : { Type: 'volume', Source: volume, Target: RUN_DATA, VolumeOptions: describeVolume(labels) },
          ...(caches
            ? [
                {
                  Type: 'volume' as const,
                  Source: cachesVolumeName(instance),
                  Target: CACHES_DATA,
                  // Written by a container of its own (run-on-caches.ts).
                  ReadOnly: true,
                  VolumeOptions: describeVolume({ [INSTANCE_LABEL]: instance }),
                },
              ]
            : []),
          ...(source === null
            ? []
            : [
                {
                  Type: 'volume' as const,
                  Source: source.name,
                  Target: SOURCE_DATA,
                  VolumeOptions: describeVolume(source.labels),
                },
              ]),
        ],
      },
    });
  const createOnce = () =>
    create().catch((error: unknown) => {
      if (statusOf(error) !== 409) throw error;
    });
  try {
    await createOnce();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await ensureImage(docker, { ref: image, pull: 'missing' });
    await createOnce();
  }
}

/** What the daemon makes the volume with, should it not be there. */
function describeVolume(labels: Record<string, string>) {
  return { NoCopy: true, Labels: labels, DriverConfig: { Name: 'local', Options: {} } };
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
  const isFull = /no space left/i.test(said);
  throw new FaultError({
    code: isFull ? 'disk-full' : 'box-failed',
    message: isFull
      ? 'No space is left on the Docker host for the files of this run'
      : 'BuildIt could not put files into its own container',
    cause: said || (failed ? explain(failed) : `exit ${code}`),
    ...(isFull ? { fix: FREE_SPACE } : {}),
    retry: { kind: 'no' },
  });
}
