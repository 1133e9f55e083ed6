import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { REMEDIES } from '#core/remedy.ts';
import type { HealthFact } from '#core/rest-health.ts';
import type { BusyRunner } from '#db/queries/runners.ts';
import type { SwitchRow } from '#db/rows.ts';
import type { ApiContext } from '../context.ts';
import { describe } from './describe-fact.ts';

/** As `buildit doctor` has it. */
const LEAST_DISK = 1_000_000_000;
const GB = 1_000_000_000;

/** Room for objects, logs and snapshots. */
export async function describeDisk({ settings }: Pick<ApiContext, 'settings'>): Promise<HealthFact> {
  const label = 'Room in the data folder';
  try {
    const { bavail, bsize } = await statfs(findFolder(settings.dataFolder));
    const free = bavail * bsize;
    const isFull = free < LEAST_DISK;
    return {
      ...describe('disk', label, `${(free / GB).toFixed(1)} GB free`, isFull ? 'bad' : 'ok'),
      limit: `${LEAST_DISK / GB} GB at least`,
      remedy: isFull ? REMEDIES.disk : null,
    };
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      ...describe('disk', label, cause, 'bad'),
      remedy: 'mount the data folder, and let this account write there',
    };
  }
}

/** The folder comes with the first thing that is kept: until then the one it will be in. */
function findFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : findFolder(dirname(path));
}

/** A machine that stopped saying that it is there is a fault: what it executes is given up or waits. */
export function describeHosts(runners: readonly BusyRunner[]): HealthFact {
  const silent = runners.filter(({ isAlive }) => !isAlive);
  const [first] = silent;
  const alive = runners.length - silent.length;
  const label = 'Machines that take stages';
  if (!first) return { ...describe('hosts', label, `${alive} there`, 'ok'), limit: 'none silent' };
  const names = silent.map(({ hostId }) => hostId).join(', ');
  return {
    ...describe('hosts', label, `${alive} there, silent: ${names}`, 'bad'),
    limit: 'none silent',
    remedy: `${first.hostId} was heard of last at ${first.seenAt}: start its worker again; one that is gone for good is forgotten after a day`,
  };
}

/** Plain http beyond this machine is what `buildit doctor` warns of. */
export function describeTransport({ settings }: Pick<ApiContext, 'settings'>): HealthFact {
  const isOpen = settings.web.insecureHttp;
  return {
    ...describe(
      'transport',
      'Passwords and tokens on the wire',
      isOpen ? 'plain http' : 'https, or this machine alone',
      isOpen ? 'warn' : 'ok',
    ),
    remedy: isOpen ? REMEDIES.transport : null,
  };
}

/** Not wrong, and not to be forgotten. */
export function describeMaintenance(maintenance: SwitchRow | null): HealthFact {
  if (!maintenance) return describe('maintenance', 'Maintenance', 'off', 'ok');
  const { since, switchedBy, reason } = maintenance;
  const why = reason === null ? '' : `: ${reason}`;
  return {
    ...describe('maintenance', 'Maintenance', `since ${since} by ${switchedBy}${why}`, 'warn'),
    remedy: 'no run starts until it is ended below',
  };
}

/** Who looks at this process live. */
export function describeStreams({ metrics }: Pick<ApiContext, 'metrics'>): HealthFact {
  return describe('streams', 'Clients with a live stream', `${metrics.countStreams()} at this process`, 'ok');
}
