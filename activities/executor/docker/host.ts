import { toFault } from '#core/fault.ts';
import type { ExecutorHost } from '../port.ts';
import { toDaemonFault, statusOf } from './daemon-fault.ts';
import type { DockerSettings } from './executor.ts';
import { boxName, INSTANCE_LABEL, RUN_LABEL, SNAPSHOT_LABEL } from './names.ts';
import type { DockerRuns } from './runs.ts';

/** Older daemons lack options that the containers rely on. */
const MINIMUM_API = '1.41';
/** Source volumes kept for the next run, newest first; those in use stay in any case. */
const KEPT_SOURCES = 8;

export function dockerHost(settings: DockerSettings, runs: DockerRuns): ExecutorHost {
  const { docker, endpoint, instance } = settings;
  const ours = (label: string): { label: string[] } => ({ label: [`${INSTANCE_LABEL}=${instance}`, label] });

  async function call<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw toDaemonFault(error, endpoint, what);
    }
  }

  async function removeContainers(runId: string): Promise<void> {
    const containers = await docker.listContainers({ all: true, filters: ours(`${RUN_LABEL}=${runId}`) });
    // A box that waited for its run has no label of it, but its name.
    const targets = [...containers.map(({ Id }) => Id), boxName(runId)];
    await Promise.all(
      targets.map((id) => ignoring([404, 409], docker.getContainer(id).remove({ force: true, v: true }))),
    );
  }

  async function removeVolumes(runId: string): Promise<void> {
    const { Volumes: volumes } = await docker.listVolumes({ filters: ours(`${RUN_LABEL}=${runId}`) });
    await Promise.all((volumes ?? []).map(({ Name }) => ignoring([404], docker.getVolume(Name).remove())));
  }

  /** Of attempts with services. */
  async function removeNetworks(runId: string): Promise<void> {
    const networks = await docker.listNetworks({ filters: ours(`${RUN_LABEL}=${runId}`) });
    await Promise.all(networks.map(({ Id: id }) => ignoring([404], docker.getNetwork(id).remove())));
  }

  async function pruneSources(): Promise<void> {
    const { Volumes: volumes } = await docker.listVolumes({ filters: ours(SNAPSHOT_LABEL) });
    const newestFirst = (volumes ?? []).toSorted((left, right) => readCreated(right) - readCreated(left));
    for (const { Name } of newestFirst.slice(KEPT_SOURCES)) await ignoring([404, 409], docker.getVolume(Name).remove());
  }

  return {
    kind: 'docker',
    async check() {
      try {
        const { ApiVersion: version, Os: system } = await call('answer', () => docker.version());
        if (isOlder(version, MINIMUM_API)) {
          return {
            code: 'docker-too-old',
            message: `Docker at ${endpoint} speaks API ${version}; BuildIt needs ${MINIMUM_API} or later`,
            fix: 'update Docker Engine to 20.10 or later',
            retry: { kind: 'no' },
          };
        }
        if (system === 'linux') return null;
        return {
          code: 'docker-not-linux',
          message: `Docker at ${endpoint} runs ${system} containers; BuildIt needs Linux containers`,
          retry: { kind: 'no' },
        };
      } catch (error) {
        return toFault(error);
      }
    },
    openRun: (run) => call('open the run', () => runs.open(run)),
    closeRun: (runId) =>
      call('remove the run', async () => {
        runs.doubt(runId);
        await removeContainers(runId);
        await Promise.all([removeVolumes(runId), removeNetworks(runId)]);
        await pruneSources();
        void runs.warm.refill();
      }),
    sweep: () =>
      call('sweep', async () => {
        await runs.warm.sweep();
        await pruneSources();
      }),
    listRuns: () =>
      call('list the runs', async () => {
        const [warmed, containers, { Volumes: volumes }, networks] = await Promise.all([
          runs.warm.listRuns(),
          docker.listContainers({ all: true, filters: ours(RUN_LABEL) }),
          docker.listVolumes({ filters: ours(RUN_LABEL) }),
          docker.listNetworks({ filters: ours(RUN_LABEL) }),
        ]);
        const labels = [...containers, ...(volumes ?? []), ...networks].map(({ Labels }) => Labels ?? {});
        return [...new Set([...warmed, ...labels.flatMap((label) => label[RUN_LABEL] ?? [])])];
      }),
  };
}

function isOlder(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = minimum.split('.').map(Number);
  return major < minimumMajor || (major === minimumMajor && minor < minimumMinor);
}

function readCreated(volume: object): number {
  return 'CreatedAt' in volume ? Date.parse(String(volume.CreatedAt)) : 0;
}

async function ignoring(statuses: readonly number[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}
