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
/** So many are measured (docs/benchmarks.md). */
const MOST_STREAMS = 2_000;

/** Room for objects, logs and snapshots. */
export async function describeDisk({ settings }: Pick<ApiContext, 'settings'>): Promise<HealthFact> {
  const label = 'Room in the data folder';
  const limit = `${LEAST_DISK / GB} GB at least`;
  try {
    const { bavail, bsize } = await statfs(findFolder(settings.dataFolder));
    const free = bavail * bsize;
    const isFull = free < LEAST_DISK;
    return {
      ...describe('disk', label, `${(free / GB).toFixed(1)} GB free`, isFull ? 'bad' : 'ok'),
      limit,
      remedy: isFull ? REMEDIES.disk : null,
    };
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      ...describe('disk', label, cause, 'bad'),
      limit,
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
    limit: 'https beyond this machine',
    remedy: isOpen ? REMEDIES.transport : null,
  };
}

/** Not wrong, and not to be forgotten. */
export function describeMaintenance(maintenance: SwitchRow | null): HealthFact {
  const limit = 'off';
  if (!maintenance) return { ...describe('maintenance', 'Maintenance', 'off', 'ok'), limit };
  const { since, switchedBy, reason } = maintenance;
  const why = reason === null ? '' : `: ${reason}`;
  return {
    ...describe('maintenance', 'Maintenance', `since ${since} by ${switchedBy}${why}`, 'warn'),
    limit,
    remedy: 'no run starts until it is ended below',
  };
}

/** Who looks at this process live. */
export function describeStreams({ metrics }: Pick<ApiContext, 'metrics'>): HealthFact {
  const count = metrics.countStreams();
  const isMany = count > MOST_STREAMS;
  return {
    ...describe('streams', 'Clients with a live stream', `${count} at this process`, isMany ? 'warn' : 'ok'),
    limit: `${MOST_STREAMS} at a process`,
    remedy: isMany ? 'start another API process behind the proxy: buildit server --only api' : null,
  };
}
