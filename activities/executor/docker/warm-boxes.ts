import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import { readCautiousTime } from '#store/host-clock.ts';
import { type BoxSettings, createBox, findMountpoints, type Mountpoints, type SourceVolume, startBox } from './box.ts';
import { statusOf } from './daemon-fault.ts';
import { INSTANCE_LABEL, runOfBox, WARM_LABEL, warmBoxName } from './names.ts';
import { createVolumeClaims } from './volume-claims.ts';

/**
 * Boxes that run already and wait for a run: a network of its own is two thirds of what a box costs. One mounts the
 * source volume of the runs that came last, and gets the name of its run; who of several workers has it is claimed
 * first, since a daemon that is told to rename a container twice at once does so twice. They carry no run's label, so
 * what looks for a run's things looks for the name of its box too.
 */
export interface WarmBoxes {
  /** Gives a box that mounts this source the name of a run and answers its places; null when none is there. */
  rename(source: SourceVolume | null, name: string): Promise<Mountpoints | null>;
  /** Makes boxes for the source asked for last, one after the other, up to the number kept. Never throws. */
  refill(): Promise<void>;
  /** Runs that got their box this way. */
  listRuns(): Promise<string[]>;
  /** Gives back what workers held that died over it. */
  sweep(): Promise<void>;
  /** Removes those that still wait. */
  close(): Promise<void>;
}

const MADE_WITHIN_MS = 60_000;

/** With `count` 0 none is made, and those of an earlier life are removed. */
export function keepWarmBoxes(settings: BoxSettings, count: number): WarmBoxes {
  const { docker, instance } = settings;
  /** Those we know of, by name: what others have made meanwhile is theirs. */
  const waiting = new Map<string, { source: string; places: Mountpoints }>();
  let hasLooked = false;
  let wanted: SourceVolume | null = null;
  let refilling: Promise<void> = Promise.resolve();
  let releasing: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  /** All of ours: waiting ones of any worker, and those that have a run. */
  const list = () =>
    docker.listContainers({ all: true, filters: { label: [`${INSTANCE_LABEL}=${instance}`, WARM_LABEL] } });
  const claims = createVolumeClaims(docker, instance);
  const isWaiting = ({ Names: names }: Docker.ContainerInfo) => names.some((name) => name.startsWith('/bi-warm-'));

  const nameOf = (box: Docker.ContainerInfo) => box.Names[0]?.slice(1) ?? '';

  async function removeWaiting(isKept: (box: Docker.ContainerInfo) => boolean): Promise<void> {
    for (const box of (await list()).filter((each) => isWaiting(each) && !isBeingMade(each) && !isKept(each))) {
      const name = nameOf(box);
      waiting.delete(name);
      // Somebody takes it just now.
      if (!(await claims.claim(name))) continue;
      // By name: one that has just got a run is no longer found by it.
      await ignoring([404, 409], docker.getContainer(name).remove({ force: true, v: true }));
      await claims.release(name);
    }
  }

  /** Those that others have left: an earlier life of this worker, or somebody who died over one. */
  async function look(): Promise<void> {
    hasLooked = true;
    await claims.sweep();
    for (const box of await list()) {
      const source = box.Labels[WARM_LABEL];
      if (!isWaiting(box) || box.State !== 'running' || source === undefined || waiting.has(nameOf(box))) continue;
      const places = await findMountpoints(docker.getContainer(box.Id)).catch(() => null);
      if (places) waiting.set(nameOf(box), { source, places });
    }
  }

  async function make(source: SourceVolume): Promise<void> {
    const name = warmBoxName(randomUUID().slice(0, 13));
    const labels = { [INSTANCE_LABEL]: instance, [WARM_LABEL]: source.name };
    await createBox(settings, { name, labels, volume: null, source, caches: true });
    const container = docker.getContainer(name);
    await startBox(container);
    waiting.set(name, { source: source.name, places: await findMountpoints(container) });
  }

  async function fill(): Promise<void> {
    const source = wanted;
    const fits = (box: Docker.ContainerInfo) =>
      count > 0 && box.State === 'running' && box.Labels[WARM_LABEL] === source?.name;
    await removeWaiting(fits);
    if (source === null) return;
    await look();
    const present = (await list()).filter((box) => isWaiting(box) && fits(box)).length;
    for (let made = present; made < count && !isClosed; made++) await make(source);
  }

  return {
    async rename(source, name) {
      if (count === 0 || source === null) return null;
      wanted = source;
      if (!hasLooked) await look();
      for (const [box, { source: mounted, places }] of waiting) {
        if (mounted !== source.name) continue;
        // Ours before anybody else of this process asks.
        waiting.delete(box);
        if (!(await claims.claim(box))) continue;
        try {
          await docker.getContainer(box).rename({ name });
          return places;
        } catch (error) {
          // 404: another worker was faster than our look at it, or somebody removed it.
          if (statusOf(error) === 404) continue;
          waiting.set(box, { source: mounted, places });
          // 409: the run has a box.
          if (statusOf(error) === 409) return null;
          throw error;
        } finally {
          // No run waits for it: by its old name the box is not found any more.
          releasing = Promise.all([releasing, claims.release(box)]);
        }
      }
      return null;
    },
    refill() {
      // What fails here fails again, and is told, when a run needs a box.
      refilling = refilling.then(() => (isClosed ? undefined : fill())).catch(() => undefined);
      return refilling;
    },
    async listRuns() {
      return (await list()).flatMap(({ Names: names }) => names.flatMap((name) => runOfBox(name) ?? []));
    },
    sweep: () => claims.sweep(),
    async close() {
      isClosed = true;
      await Promise.all([refilling, releasing]);
      if (count > 0) await removeWaiting(() => false).catch(() => undefined);
    },
  };
}

/** By another worker, which is about to start it. */
function isBeingMade({ State: state, Created: createdAt }: Docker.ContainerInfo): boolean {
  return state === 'created' && readCautiousTime() - createdAt * 1_000 < MADE_WITHIN_MS;
}

async function ignoring(statuses: readonly number[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}
