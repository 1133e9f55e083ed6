import type Docker from 'dockerode';
import { statusOf } from './daemon-fault.ts';
import { readFrames } from './frames.ts';

/**
 * Runs a command in a container and answers its exit code; null when the container does not run, or the command has not
 * ended in `limitMs` (it is left to itself then).
 */
export async function execCode(
  container: Docker.Container,
  command: readonly string[],
  limitMs: number,
): Promise<number | null> {
  try {
    const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: true, stdin: false });
    const limit = setTimeout(() => stream.destroy(), limitMs);
    try {
      // Nothing of what it prints is kept.
      for await (const bytes of readFrames(stream)) void bytes;
    } finally {
      clearTimeout(limit);
    }
    const { ExitCode: code } = await exec.inspect();
    return code;
  } catch (error) {
    // 409: the container is paused, restarting or over. No status: cut at its limit.
    if (statusOf(error) === 409 || statusOf(error) === 404 || isCut(error)) return null;
    throw error;
  }
}

function isCut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
