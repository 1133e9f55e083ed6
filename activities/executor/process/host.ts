import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readCautiousTime } from '#store/host-clock.ts';
import type { ExecutorHost } from '../port.ts';
import { isMissing, readFacts } from './attempt-folder.ts';
import { removeAttempt, type ProcessSettings } from './executor.ts';
import { removeFolder } from './remove-folder.ts';
import { warmSpawner } from './spawner.ts';

/** No worker is at work on a folder for so long before it has its name. */
const DRAFT_MS = 86_400_000;

export function processHost({ root }: ProcessSettings): ExecutorHost {
  async function listNames(): Promise<string[]> {
    try {
      return await readdir(root);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Of all runs, or of the one whose id is part of its attempts' names. */
  async function listAttempts(part = ''): Promise<{ name: string; runId: string }[]> {
    const names = await listNames();
    const found = await Promise.all(
      names
        .filter((name) => !name.startsWith('.') && name.includes(part))
        .map(async (name) => ({ name, facts: await readFacts(join(root, name)) })),
    );
    return found.flatMap(({ name, facts }) => (facts === null ? [] : [{ name, runId: facts.runId }]));
  }

  return {
    kind: 'process',
    check: async () =>
      process.platform === 'win32'
        ? { code: 'process-unsupported', message: 'Stages without an image need Linux or macOS', retry: { kind: 'no' } }
        : null,
    // Nothing is shared between the stages of a run here; the first of them finds its spawner ready.
    openRun: async () => warmSpawner(),
    async closeRun(runId) {
      const attempts = await listAttempts(runId);
      await Promise.all(
        attempts.filter((attempt) => attempt.runId === runId).map(({ name }) => removeAttempt(root, name)),
      );
      // Of a worker that was killed while it made one: nobody begins anything of this run any more.
      const drafts = (await listNames()).filter((name) => name.startsWith('.new-') && name.includes(runId));
      await Promise.all(drafts.map((name) => removeFolder(join(root, name))));
    },
    async sweep() {
      for (const name of await listNames()) {
        const path = join(root, name);
        const isDraft = name.startsWith('.new-') && (await findAge(path)) > DRAFT_MS;
        if (isDraft || name.startsWith('.gone-')) await rm(path, { recursive: true, force: true, maxRetries: 3 });
      }
    },
    async listRuns() {
      return [...new Set((await listAttempts()).map(({ runId }) => runId))];
    },
  };
}

/** ms since something in the folder changed last. */
async function findAge(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => readCautiousTime() - mtimeMs,
    (error: unknown) => {
      if (isMissing(error)) return 0;
      throw error;
    },
  );
}
