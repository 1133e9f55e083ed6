import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { ReachPoint } from '#core/crash-point.ts';
import { faultOf } from '#core/fault.ts';
import { type AttemptSpec, type Executor, type Exit, type Handle, NeverStartedError } from '../port.ts';
import { BEGUN_TWICE } from '../wrapper.ts';
import { collectTrees } from './collect-trees.ts';
import { collectFiles } from './collect.ts';
import { connectAnew } from './connect.ts';
import { createContainer } from './create-container.ts';
import { explain, isAbort, isUnreachable, statusOf, toDaemonFault } from './daemon-fault.ts';
import { createAttemptMemory, followContainer } from './follow-container.ts';
import { readImage } from './image-label.ts';
import { FOLDER_LABEL, HOME_LABEL, WORKSPACE } from './names.ts';
import { orAbort } from './or-abort.ts';
import { attachOutput } from './output-stream.ts';
import { COPY, forgetBegin, readExchangeFile, removeFolder } from './prepare.ts';
import { isBoxMissing, isMountFailure, readRefusal } from './refusal.ts';
import type { DockerRuns } from './runs.ts';
import { dockerServices } from './services.ts';
import { dockerTerminals } from './terminal.ts';

export interface DockerSettings {
  docker: Docker;
  /** For messages. */
  endpoint: string;
  /** Of the data folder: the label of all that is ours (ENGINE 17). */
  instance: string;
  /** Image of our own containers. */
  image: string;
  /** Told where a container is there and its program is not; absent of an executor that no test ends. */
  reach?: ReachPoint;
}

/** How long a container whose name is taken may be invisible. */
const APPEAR_MS = 10_000;

/** Runs attempts as containers, one each, named after the attempt; the daemon is the truth about them. */
export function dockerExecutor(settings: DockerSettings, runs: DockerRuns): Executor {
  const { docker, endpoint } = settings;
  const memory = createAttemptMemory();
  const { attached, refusals, lostContact } = memory;

  /** Attempts whose caches could not be mounted once. */
  const doubted = new Set<string>();

  /** Gives up a live stream: it may have begun too late, the stored log has everything. */
  function letGo(name: string): void {
    attached.get(name)?.close();
    attached.delete(name);
  }

  async function inspect(name: string): Promise<Docker.ContainerInspectInfo | null> {
    try {
      return await docker.getContainer(name).inspect();
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  /** Every call to the daemon goes through here: errors leave as faults. */
  async function call<Result>(what: string, name: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (isUnreachable(error)) lostContact.add(name);
      if (error instanceof NeverStartedError || isAbort(error)) throw error;
      throw toDaemonFault(error, endpoint, what);
    }
  }

  function toHandle(
    info: Docker.ContainerInspectInfo,
    attempt: Pick<Handle, 'name' | 'runId'>,
    created: boolean,
  ): Handle {
    const { Status: status, StartedAt: startedAt } = info.State;
    const state = status === 'running' || status === 'paused' || status === 'restarting' ? 'running' : 'exited';
    const { name, runId } = attempt;
    return { name, runId, startedAt: new Date(startedAt).toISOString(), state, image: readImage(info), created };
  }

  /** Begins a container that was created and never started. The only call after which a step may have run. */
  async function begin(
    spec: AttemptSpec,
    container: Docker.Container,
    signal: AbortSignal | undefined,
  ): Promise<Handle> {
    letGo(spec.name);
    attached.set(spec.name, await attachOutput(container));
    if (signal?.aborted) letGo(spec.name);
    signal?.throwIfAborted();
    settings.reach?.('stage-before-start');
    try {
      await container.start();
    } catch (error) {
      // 304: it runs already. Without a status nobody knows whether it began; the next call will see.
      if (statusOf(error) === null) throw error;
      if (statusOf(error) !== 304) return refuse(spec, container, error, signal);
      letGo(spec.name);
    }
    const info = await docker.getContainer(spec.name).inspect();
    // Another worker's was over already, and ours was turned away at the door: the stored log has the output.
    if (info.State.ExitCode === BEGUN_TWICE) letGo(spec.name);
    return toHandle(info, spec, true);
  }

  /** The daemon would not begin the program: the user's doing, or something another way may be found around. */
  async function refuse(
    spec: AttemptSpec,
    container: Docker.Container,
    error: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Handle> {
    letGo(spec.name);
    const said = explain(error);
    const refusal = readRefusal(said, spec);
    if (refusal !== null) {
      refusals.set(spec.name, refusal);
      return {
        name: spec.name,
        runId: spec.runId,
        startedAt: new Date().toISOString(),
        state: 'exited',
        image: null,
        created: true,
      };
    }
    if (isMountFailure(said) && runs.overlay.works) {
      // Somebody may have removed a cache's tree; a second time it is the overlay itself.
      if (spec.caches && !doubted.has(spec.name)) {
        doubted.add(spec.name);
        runs.trees.doubt();
      } else runs.overlay.works = false;
      await container.remove({ force: true, v: true });
      return startAttempt(spec, signal);
    }
    if (isBoxMissing(said)) {
      // Bound to the old box by its id, and never begun: made anew together with the box.
      runs.doubt(spec.runId);
      await container.remove({ force: true, v: true });
      return startAttempt(spec, signal);
    }
    throw new NeverStartedError(toDaemonFault(error, endpoint, 'start the container').fault);
  }

  async function startAttempt(spec: AttemptSpec, signal: AbortSignal | undefined): Promise<Handle> {
    const found = await inspect(spec.name);
    if (found !== null) return attachTo(spec, found, signal);
    const container = await createOnce(spec, signal);
    if (container !== null) return begin(spec, container, signal);
    // The name is taken a moment before the container can be seen.
    const deadline = performance.now() + APPEAR_MS;
    for (;;) {
      const theirs = await inspect(spec.name);
      if (theirs !== null) return attachTo(spec, theirs, signal);
      if (performance.now() > deadline) throw new Error(`the container ${spec.name} is taken and does not appear`);
      await delay(20);
    }
  }

  async function attachTo(
    spec: AttemptSpec,
    found: Docker.ContainerInspectInfo,
    signal: AbortSignal | undefined,
  ): Promise<Handle> {
    if (found.State.Status !== 'created') return toHandle(found, spec, false);
    await orAbort(runs.reach(spec.runId), signal);
    return begin(spec, docker.getContainer(found.Id), signal);
  }

  /** Until `begin` nothing of the user's can have run: faults say so, and the stage may be tried again. */
  async function createOnce(spec: AttemptSpec, signal: AbortSignal | undefined): Promise<Docker.Container | null> {
    try {
      return await createContainer(settings, runs, spec, signal);
    } catch (error) {
      if (signal?.aborted && isAbort(error)) throw error;
      if (isUnreachable(error)) lostContact.add(spec.name);
      // It has begun at some time: by a worker that was faster just now, or there is nothing left of it.
      if (faultOf(error)?.code === 'attempt-lost') {
        if ((await inspect(spec.name)) !== null) return null;
        throw error;
      }
      throw new NeverStartedError(toDaemonFault(error, endpoint, 'create the container').fault);
    }
  }

  return {
    kind: 'docker',
    services: dockerServices(settings),
    terminals: dockerTerminals(settings),
    start: (spec, signal) => call('start the stage', spec.name, () => startAttempt(spec, signal)),
    find: (attempt) =>
      call('look for the stage', attempt.name, async () => {
        const found = await inspect(attempt.name);
        return found === null || found.State.Status === 'created' ? null : toHandle(found, attempt, false);
      }),
    follow: (handle, from, sink, signal) =>
      call('read the output of the stage', handle.name, async () => {
        signal.throwIfAborted();
        const exit = await followContainer(docker, memory, handle, from, sink, signal);
        return { ...exit, lostContact: exit.lostContact || (await wasEndedByDaemon(settings, exit)) };
      }),
    stop: (handle, graceMs) =>
      call('stop the stage', handle.name, async () => {
        const container = docker.getContainer(handle.name);
        await sendSignal(container, 'SIGTERM');
        const ended = container.wait().then(
          () => true,
          (error: unknown) => {
            if (statusOf(error) === 404) return true;
            throw error;
          },
        );
        const waiting = new AbortController();
        const grace = delay(graceMs, false, { signal: waiting.signal }).catch(() => false);
        const isOver = await Promise.race([ended, grace]);
        waiting.abort();
        if (!isOver) await sendSignal(container, 'SIGKILL');
        await ended;
      }),
    collect: (handle, wanted) =>
      call('collect files of the stage', handle.name, async () => {
        const [info] = await Promise.all([docker.getContainer(handle.name).inspect(), runs.reach(handle.runId)]);
        const mounts = info.HostConfig.Mounts ?? [];
        const { instance, image } = settings;
        const attempt = { attempt: handle.name, runId: handle.runId, instance, image, mounts };
        if (!('trees' in wanted)) return collectFiles(docker, attempt, wanted);
        return collectTrees(docker, { ...attempt, home: info.Config.Labels[HOME_LABEL] ?? null }, wanted.trees);
      }),
    readExchange: (handle, file, limit) =>
      call('read what the stage hands over', handle.name, async () => {
        const [info] = await Promise.all([docker.getContainer(handle.name).inspect(), runs.reach(handle.runId)]);
        return readExchangeFile(docker, handle.runId, info.Config.Labels[FOLDER_LABEL] ?? '', file, limit);
      }),
    remove: (handle, options) =>
      call('remove the stage', handle.name, async () => {
        letGo(handle.name);
        refusals.delete(handle.name);
        lostContact.delete(handle.name);
        doubted.delete(handle.name);
        const info = await inspect(handle.name);
        if (options?.again) await forgetBegin(docker, handle.runId, handle.name);
        if (info === null) return;
        await ignoring([404, 409], docker.getContainer(handle.name).remove({ force: true, v: true }));
        const workspace = info.HostConfig.Mounts?.find((mount) => mount.Target === WORKSPACE);
        const folder = info.Config.Labels[FOLDER_LABEL] ?? '';
        const volumes = (info.HostConfig.Mounts ?? []).filter((mount) => mount.Type === 'volume');
        await Promise.all(volumes.map((mount) => ignoring([404, 409], docker.getVolume(mount.Source).remove())));
        // A whole copy is worth a call; what an overlay changed goes with the run.
        if (workspace?.Source.endsWith(`${folder}/${COPY}`)) await removeFolder(docker, handle.runId, folder);
      }),
  };

  async function sendSignal(container: Docker.Container, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await ignoring([404, 409], container.kill({ signal }));
  }
}

/**
 * A daemon that leaves ends its containers by signals and tells it, to those who are connected, as of any that was
 * killed. It takes no new connections by then.
 */
async function wasEndedByDaemon({ endpoint }: DockerSettings, { code, outOfMemory }: Exit): Promise<boolean> {
  if (code < 128 || outOfMemory) return false;
  try {
    await connectAnew(endpoint).ping();
    return false;
  } catch (error) {
    return isUnreachable(error);
  }
}

/** Answers of the daemon that mean "it is so already". */
async function ignoring(statuses: readonly number[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}
