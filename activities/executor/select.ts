import { addPoints, reachNothing, type ReachPoint } from '#core/crash-point.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { ExecutorKind } from '#core/plan.ts';
import type { SnapshotStore } from '#store/snapshot/port.ts';
import { connectDocker } from './docker/connect.ts';
import { dockerExecutor } from './docker/executor.ts';
import { dockerHost } from './docker/host.ts';
import { createDockerRuns } from './docker/runs.ts';
import { createFakeRuntime, fakeExecutor, fakeHost } from './fake/executor.ts';
import type { Executor, ExecutorHost } from './port.ts';
import { processExecutor } from './process/executor.ts';
import { processHost } from './process/host.ts';

/** What this host can run stages with. */
export interface Executors {
  /** `dockerEndpoint` is the one recorded with the run; null where no stage needs it. */
  find(kind: ExecutorKind, dockerEndpoint: string | null): { executor: Executor; host: ExecutorHost };
  /** Removes what waits for runs. */
  close(): Promise<void>;
}

export interface ExecutorSettings {
  instance: string;
  /** Image of our own containers (ENGINE 18). */
  image: string;
  snapshots: SnapshotStore;
  /** Where attempts without an image live. */
  processFolder: string;
  /** Boxes that wait for a run on each Docker host; 0 on a laptop, where nothing may be left behind. */
  warmBoxes: number;
  /** Of caches that are kept unpacked on a host. */
  cacheBytes: number;
  /** Told at the points of a worker; absent of one that no test ends. */
  reach?: ReachPoint;
}

interface Made {
  executor: Executor;
  host: ExecutorHost;
  close?: () => Promise<void>;
}

/** Adapters are made once an endpoint: they know which runs they have opened. */
export function openExecutors(settings: ExecutorSettings): Executors {
  const known = new Map<string, Made>();
  const reach = settings.reach ?? reachNothing;
  const make = (kind: ExecutorKind, endpoint: string | null): Made => {
    switch (kind) {
      case 'docker':
        return makeDocker(settings, endpoint);
      case 'process': {
        const processes = { root: settings.processFolder, snapshots: settings.snapshots, reach };
        return { executor: processExecutor(processes), host: processHost(processes) };
      }
      case 'fake': {
        const runtime = createFakeRuntime();
        return { executor: fakeExecutor(runtime), host: fakeHost(runtime) };
      }
      default:
        return kind satisfies never;
    }
  };
  return {
    find(kind, endpoint) {
      const key = kind === 'docker' ? `${kind} ${endpoint ?? ''}` : kind;
      const found = known.get(key) ?? addWorkPoints(make(kind, endpoint), reach);
      known.set(key, found);
      return found;
    },
    async close() {
      await Promise.all([...known.values()].map(async (each) => each.close?.()));
    },
  };
}

/** See core/crash-point.ts; the one between a container and its program is the executors' own. */
function addWorkPoints(made: Made, reach: ReachPoint): Made {
  const ofAttempts = {
    start: { before: 'stage-before-create', after: 'stage-after-start' },
    follow: { after: 'stage-before-collect' },
    remove: { before: 'stage-before-remove' },
  } as const;
  const ofRuns = { openRun: { after: 'host-after-open' }, closeRun: { after: 'host-before-release' } } as const;
  return { ...made, executor: addPoints(made.executor, ofAttempts, reach), host: addPoints(made.host, ofRuns, reach) };
}

function makeDocker(settings: ExecutorSettings, endpoint: string | null): Made {
  if (endpoint === null) {
    throw new FaultError({
      code: 'docker-endpoint-missing',
      message: 'the run has stages with images, but no Docker endpoint was recorded with it',
      fix: 'start the run again',
      retry: NO_RETRY,
    });
  }
  const { instance, image, reach } = settings;
  const docker = { docker: connectDocker(endpoint), endpoint, instance, image, ...(reach ? { reach } : {}) };
  const runs = createDockerRuns(docker, (reference) => settings.snapshots.load(reference), settings);
  return { executor: dockerExecutor(docker, runs), host: dockerHost(docker, runs), close: () => runs.warm.close() };
}
