import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/** A process of ours that is started again whenever it dies, at once and for ever. */
export interface KeptProcess {
  readonly name: string;
  /** Of now; one that is being replaced has none. */
  pid(): number | null;
  /** How each that died ended: `SIGKILL`, `exit 0`. */
  readonly deaths: readonly string[];
  /** Resolves when the one of now serves. */
  ready(): Promise<void>;
  /** Sends a signal to the one of now. */
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** What is run: an entry file that says `ready` over its channel. */
export interface KeptCommand {
  name: string;
  args: readonly string[];
  environment: NodeJS.ProcessEnv;
  /** Where it prints. */
  logFile: string;
}

const STOP_MS = 10_000;

export function keepProcess(command: KeptCommand): KeptProcess {
  const deaths: string[] = [];
  let child: ChildProcess | null = null;
  let serving = Promise.withResolvers<void>();
  let isStopped = false;

  function start(): void {
    serving = Promise.withResolvers();
    const log = openSync(command.logFile, 'a');
    const started = spawn(process.execPath, [...command.args], {
      env: command.environment,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    child = started;
    const { resolve } = serving;
    started.on('message', (message) => {
      if (typeof message === 'object' && 'kind' in message && message.kind === 'ready') resolve();
    });
    started.once('exit', (code, signal) => {
      child = null;
      if (isStopped) return;
      deaths.push(signal ?? `exit ${code}`);
      // Whoever waited for the dead one waits for its successor.
      start();
      void serving.promise.then(resolve);
    });
  }

  start();
  return {
    name: command.name,
    deaths,
    pid: () => child?.pid ?? null,
    ready: () => serving.promise,
    signal: (signal) => void child?.kill(signal),
    async stop() {
      isStopped = true;
      const running = child;
      if (running === null) return;
      const ended = once(running, 'exit');
      // One that stands still must be able to hear it.
      running.kill('SIGCONT');
      running.kill('SIGTERM');
      const timer = setTimeout(() => running.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
