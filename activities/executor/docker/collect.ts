import { randomBytes } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { FaultError } from '#core/fault.ts';
import { createGlobMatcher, findGlobBase } from '../globs.ts';
import { statusOf } from './daemon-fault.ts';
import { readFrames, requireIterable } from './frames.ts';
import { joinArchives } from './join-archives.ts';
import { boxName, INSTANCE_LABEL, RUN_LABEL, WORKSPACE } from './names.ts';

/** Lists the files and links below the folders given, then packs those whose names come back; NUL-separated both ways. */
const COLLECT = [
  `cd ${WORKSPACE} || exit 1`,
  'for base in "$@"; do [ -e "./$base" ] || [ -L "./$base" ] || continue',
  String.raw`find "./$base" \( -type f -o -type l \) -print0; done`,
  String.raw`printf '\0'`,
  'exec xargs -0 -r tar -c -f - --',
].join('\n');

/**
 * The files of a workspace that match the globs, as a tar stream, from a container of ours that mounts the workspace
 * and runs nothing of the stage's (ARCHITECTURE §3.8). The container is gone when the stream is.
 */
export async function collectFiles(
  docker: Docker,
  options: { attempt: string; runId: string; instance: string; image: string; mounts: readonly Docker.MountSettings[] },
  globs: readonly string[],
): Promise<Readable> {
  const name = `${options.attempt}-collect-${randomBytes(4).toString('hex')}`;
  const bases = [...new Set(globs.filter((glob) => !glob.startsWith('!')).map(findGlobBase))];
  const container = await docker.createContainer({
    name,
    Image: options.image,
    Cmd: ['sh', '-c', COLLECT, 'sh', ...(bases.includes('') ? [''] : bases)],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    Labels: { [INSTANCE_LABEL]: options.instance, [RUN_LABEL]: options.runId },
    HostConfig: {
      NetworkMode: `container:${boxName(options.runId)}`,
      LogConfig: { Type: 'none', Config: {} },
      SecurityOpt: ['no-new-privileges'],
      // What is mounted inside the workspace is part of it.
      Mounts: options.mounts
        .filter(({ Target: target }) => target === WORKSPACE || target.startsWith(`${WORKSPACE}/`))
        .map((mount) => ({ ...mount, ReadOnly: true })),
    },
  });
  const stream = requireIterable(await container.attach({ stream: true, stdin: true, stdout: true, hijack: true }));
  await container.start();
  const bytes = readFrames(stream);
  const { names, rest } = await readNames(bytes);
  const matches = createGlobMatcher(globs);
  const wanted = names.filter(matches);
  stream.end(wanted.map((path) => `${path}\0`).join(''));
  const tar = new PassThrough();
  void pipeline(joinArchives(joinStreams(rest, bytes)), tar)
    .catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))))
    .finally(() => removeQuietly(docker, name));
  return tar;
}

/** The names before the empty one, and what came after it in the same piece. */
async function readNames(bytes: AsyncGenerator<Uint8Array>): Promise<{ names: string[]; rest: Uint8Array }> {
  let held: Buffer = Buffer.alloc(0);
  const names: string[] = [];
  for (;;) {
    const { value, done } = await bytes.next();
    if (done)
      throw new FaultError({
        code: 'collect-failed',
        message: 'The files of the stage could not be listed',
        retry: { kind: 'yes', afterMs: 500 },
      });
    held = Buffer.concat([held, value]);
    let from = 0;
    for (let end = held.indexOf(0, from); end !== -1; end = held.indexOf(0, from)) {
      const name = held.subarray(from, end).toString('utf8');
      from = end + 1;
      if (name === '') return { names, rest: held.subarray(from) };
      names.push(name.replace(/^(\.\/+)+/, ''));
    }
    held = held.subarray(from);
  }
}

async function* joinStreams(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  yield* rest;
}

/** Removes a container of ours that is over. */
export async function removeQuietly(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getContainer(name).remove({ force: true, v: true });
  } catch (error) {
    // Absent, or being removed already; anything else the end of the run removes.
    if (statusOf(error) === null) return;
  }
}
