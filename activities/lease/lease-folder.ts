import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * Leases of a host, one file a run, `<data>/leases/RUN.json`. Its modification time is when the renewal that counts was
 * asked for, by the clock of the host (store/host-clock.ts); the worker touches it, the keeper reads it. Nothing else passes
 * between the two.
 */
const LeaseFile = z.object({
  runId: z.string(),
  leaseMs: z.number().int().positive(),
  /** Where the run has programs on this host. */
  places: z.array(z.object({ executor: z.enum(['docker', 'process', 'fake']), dockerEndpoint: z.string().nullable() })),
});
export type LeaseFile = z.infer<typeof LeaseFile>;

export interface Lease extends LeaseFile {
  /** By the clock of the host; 0 when the claim was taken from us. */
  renewedAt: number;
}

/** Part of the lease kept for ending the programs: the keeper begins that much earlier. */
const STOP_SHARE = 1 / 3;

/**
 * Whether the programs of the run must be ended now, so that they are gone before the lease is. One that was renewed
 * far in the future is of a time before the machine began anew.
 */
export function isEnding({ renewedAt, leaseMs }: Pick<Lease, 'renewedAt' | 'leaseMs'>, now: number): boolean {
  return renewedAt > now + leaseMs || now >= renewedAt + leaseMs * (1 - STOP_SHARE);
}

export async function listLeases(folder: string): Promise<Lease[]> {
  const names = await readdir(folder).catch(() => []);
  const leases = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readLease(join(folder, name))),
  );
  return leases.filter((lease) => lease !== null);
}

/** Takes the lease of a run or adds a place to it; counts as renewed at `at`, by the clock of the host. */
export async function writeLease(folder: string, lease: LeaseFile, at: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = leasePath(folder, lease.runId);
  const known = await readLease(path);
  const places = [...(known?.places ?? []), ...lease.places];
  const unique = [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
  // Beside and renamed, with its time set before: the keeper never sees half a file or a time that is too late.
  await writeFile(`${path}.new`, JSON.stringify({ ...lease, places: unique } satisfies LeaseFile));
  await utimes(`${path}.new`, at / 1_000, at / 1_000);
  await rename(`${path}.new`, path);
}

/** `at` 0 says that the claim is lost. A run without a lease is none of ours any more. */
export async function touchLease(folder: string, runId: string, at: number): Promise<void> {
  try {
    await utimes(leasePath(folder, runId), at / 1_000, at / 1_000);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export async function dropLease(folder: string, runId: string): Promise<void> {
  await rm(leasePath(folder, runId), { force: true });
}

async function readLease(path: string): Promise<Lease | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { ...LeaseFile.parse(JSON.parse(text)), renewedAt: mtimeMs };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function leasePath(folder: string, runId: string): string {
  return join(folder, `${runId}.json`);
}
