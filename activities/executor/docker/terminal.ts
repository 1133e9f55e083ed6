import { posix } from 'node:path';
import type Docker from 'dockerode';
import { listExchangeVariables } from '../exchange.ts';
import type { AttemptTerminals, Terminal, TerminalOptions } from '../terminal.ts';
import { statusOf, toDaemonFault } from './daemon-fault.ts';
import type { DockerSettings } from './executor.ts';
import { INSTANCE_LABEL, RUN_LABEL, STAGE_EXCHANGE, WORKSPACE } from './names.ts';

/** The folder first, then the better of the two shells an image may have. */
const SHELL = 'cd -- "$1" || cd /; if command -v bash >/dev/null 2>&1; then exec bash; fi; exec sh';

/** A container of the attempt's image beside its own, with its workspace and caches, network and limits. */
export function dockerTerminals({ docker, endpoint, instance }: DockerSettings): AttemptTerminals {
  return {
    async open(attempt, options) {
      try {
        const { Image, HostConfig } = await docker.getContainer(attempt.name).inspect();
        const container = await docker.createContainer({
          name: `${attempt.name}-shell-${options.id.slice(-12)}`,
          Image,
          Entrypoint: ['/bin/sh'],
          Cmd: ['-c', SHELL, 'buildit', posix.resolve(WORKSPACE, options.workdir ?? '.')],
          WorkingDir: '/',
          Env: listEnvironment(options),
          ...(options.user === null ? {} : { User: options.user }),
          ...{ Tty: true, OpenStdin: true, AttachStdin: true, AttachStdout: true, AttachStderr: true },
          Healthcheck: { Test: ['NONE'] },
          // No stage's label: it is nobody's attempt. With the run's it goes when the run is closed.
          Labels: { [INSTANCE_LABEL]: instance, [RUN_LABEL]: attempt.runId },
          HostConfig: {
            ...HostConfig,
            ...pickMounts(HostConfig, options),
            LogConfig: { Type: 'none', Config: {} },
            AutoRemove: false,
          },
        });
        return await openContainer(container, options);
      } catch (error) {
        throw toDaemonFault(error, endpoint, 'open a terminal');
      }
    },
  };
}

/** A tmpfs of the attempt (its secret files) is a new, empty one here. */
function pickMounts({ Mounts = [] }: Docker.HostConfig, { exchange }: TerminalOptions): Docker.HostConfig {
  return { Mounts: exchange ? Mounts : Mounts.filter(({ Target }) => Target !== STAGE_EXCHANGE) };
}

function listEnvironment({ env, exchange }: TerminalOptions): string[] {
  return Object.entries({
    ...{ TERM: 'xterm-256color', BUILDIT_WORKSPACE: WORKSPACE },
    ...(exchange ? listExchangeVariables(STAGE_EXCHANGE) : {}),
    ...env,
  }).map(([name, value]) => `${name}=${value}`);
}

async function openContainer(container: Docker.Container, { size }: TerminalOptions): Promise<Terminal> {
  const remove = () =>
    container.remove({ force: true, v: true }).catch((error: unknown) => {
      // Gone, or going: else the end of the run removes it.
      if (statusOf(error) === null) throw error;
    });
  try {
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    // What is typed after the end goes nowhere.
    stream.on('error', () => {});
    const ended = container.wait().then(
      ({ StatusCode }: { StatusCode: number }) => StatusCode,
      () => 137,
    );
    await container.start();
    const resize = ({ rows, columns }: typeof size) =>
      container.resize({ h: rows, w: columns }).then(
        () => {},
        () => {},
      );
    await resize(size);
    return {
      output: stream as unknown as Terminal['output'],
      write: (bytes) => void stream.write(bytes),
      resize,
      ended,
      async close() {
        stream.end();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
