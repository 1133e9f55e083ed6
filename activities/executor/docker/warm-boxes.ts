import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import { type BoxSettings, createBox, type SourceVolume, startBox } from './box.ts';
import { statusOf } from './daemon-fault.ts';
import { INSTANCE_LABEL, runOfBox, WARM_LABEL, warmBoxName } from './names.ts';

/**
 * Boxes that run already and wait for a run: a network of its own is two thirds of what a box costs. One mounts the
 * source volume of the runs that came last, and gets the name of its run; the daemon lets one of several workers have
 * it. They carry no run's label, so what looks for a run's things looks for the name of its box too.
 */
export interface WarmBoxes {
  /** Gives a box that mounts this source the name of a run. False when none is there. */
  rename(source: SourceVolume | null, name: string): Promise<boolean>;
  /** Makes boxes for the source asked for last, one after the other, up to the number kept. Never throws. */
  refill(): Promise<void>;
  /** Runs that got their box this way. */
  listRuns(): Promise<string[]>;
  /** Removes those that still wait. */
  close(): Promise<void>;
}

/** With `count` 0 none is made, and those of an earlier life are removed. */
export function keepWarmBoxes(settings: BoxSettings, count: number): WarmBoxes {
  const { docker, instance } = settings;
  let wanted: SourceVolume | null = null;
  let refilling: Promise<void> = Promise.resolve();
  let isClosed = false;

  /** All of ours: waiting ones of any worker, and those that have a run. */
  const list = () =>
    docker.listContainers({ all: true, filters: { label: [`${INSTANCE_LABEL}=${instance}`, WARM_LABEL] } });
  const isWaiting = ({ Names: names }: Docker.ContainerInfo) => names.some((name) => name.startsWith('/bi-warm-'));

  async function removeWaiting(isKept: (box: Docker.ContainerInfo) => boolean): Promise<void> {
    for (const box of (await list()).filter((each) => isWaiting(each) && !isKept(each))) {
      // By name: one that has just got a run is no longer found by it.
      const name = box.Names[0]?.slice(1) ?? '';
      await ignoring([404, 409], docker.getContainer(name).remove({ force: true, v: true }));
    }
  }

  async function make(source: SourceVolume): Promise<void> {
    const name = warmBoxName(randomUUID().slice(0, 13));
    const labels = { [INSTANCE_LABEL]: instance, [WARM_LABEL]: source.name };
    await createBox(settings, { name, labels, volume: null, source });
    await startBox(docker.getContainer(name));
  }

  async function fill(): Promise<void> {
    const source = wanted;
    const fits = (box: Docker.ContainerInfo) =>
      count > 0 && box.State === 'running' && box.Labels[WARM_LABEL] === source?.name;
    await removeWaiting(fits);
    if (source === null) return;
    const present = (await list()).filter((box) => isWaiting(box) && fits(box)).length;
    for (let made = present; made < count && !isClosed; made++) await make(source);
  }

  return {
    async rename(source, name) {
      if (count === 0 || source === null) return false;
      wanted = source;
      for (const box of await list()) {
        if (!isWaiting(box) || box.State !== 'running' || box.Labels[WARM_LABEL] !== source.name) continue;
        try {
          await docker.getContainer(box.Names[0]?.slice(1) ?? '').rename({ name });
          return true;
        } catch (error) {
          // 409: the run has a box. 404: another worker was faster.
          if (statusOf(error) === 409) return false;
          if (statusOf(error) !== 404) throw error;
        }
      }
      return false;
    },
    refill() {
      // What fails here fails again, and is told, when a run needs a box.
      refilling = refilling.then(() => (isClosed ? undefined : fill())).catch(() => undefined);
      return refilling;
    },
    async listRuns() {
      return (await list()).flatMap(({ Names: names }) => names.flatMap((name) => runOfBox(name) ?? []));
    },
    async close() {
      isClosed = true;
      await refilling;
      if (count > 0) await removeWaiting(() => false).catch(() => undefined);
    },
  };
}

async function ignoring(statuses: readonly number[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}
