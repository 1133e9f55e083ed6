import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReachPoint } from '#core/crash-point.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { SnapshotStore } from '#store/snapshot/port.ts';
import { type AttemptSpec, type Executor, type Exit, type Handle, NeverStartedError } from '../port.ts';
import { isMissing, PLACES, readBegan, readExit, readFacts, readIfThere, statIfThere } from './attempt-folder.ts';
import { endProgram, isSupervised, killAll, killStrays } from './end-processes.ts';
import { followLog } from './follow-log.ts';
import { launchSupervisor } from './launch.ts';
import { packTrees } from './pack-trees.ts';
import { packWorkspace } from './pack-workspace.ts';
import { prepareFolder } from './prepare-folder.ts';
import { removeFolder } from './remove-folder.ts';
import { toSystemFault } from './system-fault.ts';
import { processTerminals } from './terminal.ts';

export interface ProcessSettings {
  /** `<data>/processes` */
  root: string;
  snapshots: Pick<SnapshotStore, 'unpack'>;
  /** Told where an attempt's folder is there and its program is not; absent of an executor that no test ends. */
  reach?: ReachPoint;
}

/** How long after the program's end something may still hold its output open before it is killed. */
const STRAY_MS = 100;
/** Less than this is a full disk. */
const FULL_BYTES = 65_536;
/** How often the supervisor is looked for while nothing else happens. */
const LIVENESS_MS = 1_000;

/**
 * Runs attempts as processes of this machine, each under a detached supervisor that owns the child, its output file and
 * its exit file; their folder is the truth. Isolates nothing from the account it runs as (ENGINE 21).
 */
export function processExecutor({ root, snapshots, reach }: ProcessSettings): Executor {
  const folderOf = (attempt: Pick<Handle, 'name'>): string => join(root, attempt.name);

  async function call<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw toSystemFault(error, what);
    }
  }

  async function readHandle(attempt: Pick<Handle, 'name' | 'runId'>, created: boolean): Promise<Handle | null> {
    const folder = folderOf(attempt);
    const began = await readBegan(folder);
    if (began === null) return null;
    const exit = await readExit(folder);
    const startedAt = new Date(began).toISOString();
    return {
      name: attempt.name,
      runId: attempt.runId,
      startedAt,
      state: exit === null ? 'running' : 'exited',
      image: null,
      created,
    };
  }

  async function startAttempt(spec: AttemptSpec, signal: AbortSignal | undefined): Promise<Handle> {
    const found = await readHandle(spec, false);
    if (found !== null) return found;
    if (spec.user !== null) throw refuseWord(spec, 'user');
    if (spec.services.length > 0) throw refuseWord(spec, 'service');
    if (spec.platform !== null) throw refuseWord(spec, 'platform');
    if (spec.secretFiles.length > 0) throw refuseWord(spec, 'secret file');
    if (Object.values(spec.resources).some((limit) => limit !== null)) throw refuseWord(spec, 'resources');
    const folder = folderOf(spec);
    await neverStarted(async () => {
      mkdirSync(root, { recursive: true, mode: 0o700 });
      if ((await readFacts(folder)) === null) await prepareFolder(root, spec, snapshots);
    });
    signal?.throwIfAborted();
    reach?.('stage-before-start');
    await launchSupervisor(spec, folder);
    const handle = await readHandle(spec, true);
    if (handle === null) throw new Error(`the attempt ${spec.name} has gone while it began`);
    return handle;
  }

  /** Whether nothing can come any more; throws when nobody will tell how the attempt ended. */
  async function checkEnd(folder: string, state: { codeSince: number | null; checkedAt: number }): Promise<boolean> {
    if ((await statIfThere(join(folder, PLACES.exit))) !== null) return true;
    const now = performance.now();
    if ((await statIfThere(join(folder, PLACES.code))) !== null) {
      state.codeSince ??= now;
      if (now - state.codeSince > STRAY_MS) {
        await killStrays(folder);
        state.codeSince = now;
      }
    }
    if (now - state.checkedAt < LIVENESS_MS) return false;
    state.checkedAt = now;
    if (await isSupervised(folder)) return false;
    // It may have ended properly between the two looks.
    if ((await statIfThere(join(folder, PLACES.exit))) !== null) return true;
    await killAll(folder);
    throw new FaultError({
      code: 'supervisor-lost',
      message: 'The process that watched over the stage is gone, so how the stage ended cannot be known',
      cause: 'it was killed, or the machine was restarted',
      fix: 'retry the stage',
      retry: NO_RETRY,
    });
  }

  async function describeExit(folder: string): Promise<Exit> {
    const logFault = await readIfThere(join(folder, PLACES.logFailed));
    if (logFault !== null) {
      const cause = (await readIfThere(join(folder, PLACES.logError)))?.trim() ?? '';
      // On a full disk there may have been no room for the reason either.
      const isFull = /no space|quota/i.test(cause) || (await countFreeBytes(folder)) < FULL_BYTES;
      throw new FaultError({
        code: isFull ? 'disk-full' : 'log-lost',
        message: isFull ? 'The disk was full while the stage printed' : 'The output of the stage could not be kept',
        cause,
        retry: NO_RETRY,
      });
    }
    const exit = await readExit(folder);
    if (exit === null) throw new Error(`the attempt in ${folder} has no end`);
    if (exit.code === null) {
      throw new FaultError({
        code: 'disk-full',
        message: 'The disk was full when the stage ended, so how it ended could not be written',
        retry: NO_RETRY,
      });
    }
    const endedAt = new Date(exit.endedAt).toISOString();
    return { code: exit.code, outOfMemory: false, refusal: null, lostContact: false, endedAt };
  }

  return {
    kind: 'process',
    terminals: processTerminals(root),
    start: (spec, signal) => call('start the stage', () => startAttempt(spec, signal)),
    find: (attempt) => call('look for the stage', () => readHandle(attempt, false)),
    follow: (handle, from, sink, signal) =>
      call('read the output of the stage', async () => {
        const folder = folderOf(handle);
        const state = { codeSince: null, checkedAt: Number.NEGATIVE_INFINITY };
        await followLog(folder, from, sink, signal, () => checkEnd(folder, state));
        return describeExit(folder);
      }),
    stop: (handle, graceMs) => call('stop the stage', () => endProgram(folderOf(handle), graceMs)),
    collect: (handle, wanted) =>
      call('collect files of the stage', async () => {
        const facts = await readFacts(folderOf(handle));
        if (facts === null) throw new Error(`there is no attempt ${handle.name}`);
        return 'trees' in wanted ? packTrees(facts.workspace, wanted.trees) : packWorkspace(facts.workspace, wanted);
      }),
    readExchange: (handle, name, limit) =>
      call('read what the stage hands over', async () => {
        const file = await open(join(folderOf(handle), name), 'r');
        try {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(limit + 1), 0, limit + 1, 0);
          return buffer.subarray(0, bytesRead);
        } finally {
          await file.close();
        }
      }),
    remove: (handle) => call('remove the stage', () => removeAttempt(root, handle.name)),
  };
}

/** Ends what is left of an attempt and removes its folder. Under another name first: half a folder is no attempt. */
export async function removeAttempt(root: string, name: string): Promise<void> {
  const folder = join(root, name);
  if ((await readBegan(folder)) !== null) await killAll(folder);
  const trash = join(root, `.gone-${name}-${randomBytes(4).toString('hex')}`);
  try {
    renameSync(folder, trash);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await removeFolder(trash);
}

async function countFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function neverStarted(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new NeverStartedError(toSystemFault(error, 'prepare the stage').fault);
  }
}

function refuseWord(spec: AttemptSpec, word: string): NeverStartedError {
  return new NeverStartedError({
    code: 'word-unsupported',
    message: `The process executor cannot give "${word}" to stage "${spec.stage}"`,
    fix: 'run the stage in an image, or remove the word',
    retry: NO_RETRY,
  });
}
