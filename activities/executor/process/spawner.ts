import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A detached `/bin/sh` with these arguments; its environment is exactly this one. */
export interface Launch {
  args: string[];
  env: Record<string, string>;
}

export type LaunchRequest = Launch & { id: number };
export interface LaunchAnswer {
  id: number;
  /** Why it could not be started. */
  error: string | null;
}

interface Pending {
  request: LaunchRequest;
  sent: number;
  done: PromiseWithResolvers<void>;
}

/** A spawner that dies this often with the same launch in hand gets no other try. */
const TRIES = 3;

let spawner: ChildProcess | null = null;
const pending = new Map<number, Pending>();
let lastId = 0;

/**
 * Starts a program through a small process of ours, which lives as long as we do: starting one copies the tables of all
 * memory, 8 ms and a worker that stands still meanwhile with 200 MB, 0.7 ms here (performance P8). Resolves when it is
 * started, at least once: a spawner that dies may have started it already. Rejects with the system's reason why not.
 */
export function launchDetached(launch: Launch): Promise<void> {
  const request = { id: ++lastId, ...launch };
  const entry = { request, sent: 0, done: Promise.withResolvers<void>() };
  pending.set(request.id, entry);
  send(entry);
  return entry.done.promise;
}

/** Has it ready for the first launch: it takes some 50 ms to begin. */
export function warmSpawner(): void {
  spawner ??= startSpawner();
}

function send(entry: Pending): void {
  if (entry.sent++ >= TRIES) return settle(entry, 'the process that starts it died again and again');
  spawner ??= startSpawner();
  hold(spawner, true);
  // Whether it arrived is known by the answer; a spawner that has gone is noticed by its end.
  spawner.send(entry.request, () => undefined);
}

function settle({ request, done }: Pending, error: string | null): void {
  pending.delete(request.id);
  if (pending.size === 0 && spawner !== null) hold(spawner, false);
  if (error === null) done.resolve();
  else done.reject(new Error(error));
}

/**
 * In a session of its own, so that what is meant for our group does not end it; with nothing of our environment but where
 * compiled code is: taking the types off its own file keeps 12 MB for as long as it lives.
 */
function startSpawner(): ChildProcess {
  const compiled = getCompileCacheDir();
  const child = fork(fileURLToPath(new URL('spawner-main.ts', import.meta.url)), [], {
    cwd: '/',
    detached: true,
    env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) },
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', ({ id, error }: LaunchAnswer) => {
    const entry = pending.get(id);
    if (entry) settle(entry, error);
  });
  const onEnd = (): void => {
    if (spawner !== child) return;
    spawner = null;
    for (const entry of [...pending.values()]) send(entry);
  };
  child.once('error', onEnd);
  child.once('exit', onEnd);
  hold(child, false);
  return child;
}

/** Whether it keeps this process alive: only while a launch is on its way. */
function hold(child: ChildProcess, isHeld: boolean): void {
  for (const handle of [child, child.channel]) {
    if (isHeld) handle?.ref();
    else handle?.unref();
  }
}
