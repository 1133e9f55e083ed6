import { fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { expect, it, onTestFinished } from 'vitest';
import type { ArtifactReference } from '#core/attempt.ts';
import { openArtifactStore } from './artifact/open-artifact-store.ts';
import { openObjectStore } from './object/open-object-store.ts';

const SWEEPER = join(import.meta.dirname, 'testdata', 'sweep-runs.ts');
const RUNS = 6;

const file = (seed: string) =>
  createHash('shake256', { outputLength: 1024 * 1024 })
    .update(seed)
    .digest();

/** Runs a sweeper in a process of its own and kills it at the n-th object it removes. Answers how many it came to. */
async function runSweeper(folder: string, runIds: readonly string[], killAt: number): Promise<number> {
  const child = fork(SWEEPER, [folder, ...runIds]);
  let removed = 0;
  child.on('message', () => {
    if (++removed === killAt) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return removed;
}

it('sweepers killed with SIGKILL, one after the other, leave every artifact whole or gone, and what is kept whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-kill-sweep-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const objects = openObjectStore({ folder });
  const artifacts = openArtifactStore({ objects });
  const save = (runId: string, own: string): Promise<ArtifactReference> => {
    const tar = pack();
    tar.entry({ name: 'own' }, file(own));
    tar.entry({ name: 'shared' }, file('shared'));
    tar.finalize();
    return artifacts.save({ runId, stage: 'build', attempt: 1, name: 'dist' }, Readable.from(tar));
  };
  const kept = await save(randomUUID(), 'kept');
  const whole = await buffer(artifacts.load(kept));
  const runIds = Array.from({ length: RUNS }, () => randomUUID());
  const references = [];
  for (const runId of runIds) references.push(await save(runId, runId));
  for (const killAt of [1, 4, 9, Number.POSITIVE_INFINITY]) {
    await runSweeper(folder, runIds, killAt);
    expect((await buffer(artifacts.load(kept))).equals(whole)).toBe(true);
    for (const reference of references) {
      // Where there is a manifest there is all of it.
      if ((await objects.get(reference.manifest.key)) !== null) await buffer(artifacts.load(reference));
    }
  }
  expect(await objects.listFolders('artifacts/')).toHaveLength(1);
  expect(await objects.list('chunks/')).toHaveLength(2);
});
