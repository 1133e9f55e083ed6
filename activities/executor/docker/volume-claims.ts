import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import { readCautiousTime } from '#store/host-clock.ts';
import { statusOf } from './daemon-fault.ts';
import { INSTANCE_LABEL } from './names.ts';

const OWNER_LABEL = 'buildit.owner';

/** A claim is held for one call of the daemon; who holds one for longer has died. */
const ABANDONED_AFTER_MS = 60_000;

/** Who of several workers of one daemon may have something. */
export interface VolumeClaims {
  /** True for the first who asks, until it is released. */
  claim(name: string): Promise<boolean>;
  /** Never throws: what is left is a volume without content. */
  release(name: string): Promise<void>;
  /** Releases what workers held that died over it. */
  sweep(): Promise<void>;
}

interface Volume {
  Name: string;
  Labels: Record<string, string>;
  CreatedAt?: string;
}

/**
 * Claims by volumes: of all that a daemon makes, a volume alone is made under a lock of its name, and whoever comes
 * second finds the first one's, with its labels. A claim takes about two milliseconds.
 */
export function createVolumeClaims(docker: Docker, instance: string): VolumeClaims {
  const owner = randomUUID();
  /** A second one of this process is somebody else as well. */
  const held = new Set<string>();
  const nameOf = (name: string) => `${name}-claim`;
  const remove = (volume: string) =>
    docker
      .getVolume(volume)
      .remove()
      .catch(() => undefined);
  async function makeOrFind(name: string): Promise<boolean> {
    await docker.createVolume({ Name: nameOf(name), Labels: { [INSTANCE_LABEL]: instance, [OWNER_LABEL]: owner } });
    try {
      const volume: Volume = await docker.getVolume(nameOf(name)).inspect();
      return volume.Labels[OWNER_LABEL] === owner;
    } catch (error) {
      // Somebody else's, released since.
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }
  return {
    async claim(name) {
      if (held.has(name)) return false;
      held.add(name);
      const isOurs = await makeOrFind(name).catch((error: unknown) => {
        held.delete(name);
        throw error;
      });
      if (!isOurs) held.delete(name);
      return isOurs;
    },
    async release(name) {
      await remove(nameOf(name));
      held.delete(name);
    },
    async sweep() {
      const { Volumes: volumes } = await docker.listVolumes({
        filters: { label: [`${INSTANCE_LABEL}=${instance}`, OWNER_LABEL] },
      });
      for (const { Name: name, CreatedAt: createdAt } of (volumes ?? []) as Volume[]) {
        if (readCautiousTime() - Date.parse(createdAt ?? '') > ABANDONED_AFTER_MS) await remove(name);
      }
    },
  };
}
