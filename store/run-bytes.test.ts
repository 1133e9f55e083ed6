import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, it, onTestFinished } from 'vitest';
import { openArtifactStore } from './artifact/open-artifact-store.ts';
import { openLogStore } from './log/open-log-store.ts';
import { openObjectStore } from './object/open-object-store.ts';
import { openRunBytes } from './run-bytes.ts';

const LINE = Buffer.from('hello\n');

it('a run goes with its logs and artifacts, also those of services; others stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-run-bytes-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const objects = openObjectStore({ folder });
  const [logs, artifacts, bytes] = [
    openLogStore({ objects }),
    openArtifactStore({ objects }),
    openRunBytes({ objects }),
  ];
  const [old, young] = [randomUUID(), randomUUID()];
  for (const runId of [old, young]) {
    for (const service of [undefined, 'db']) {
      const key = { runId, stage: 'build[os=linux]', attempt: 1, ...(service === undefined ? {} : { service }) };
      const writer = await logs.write(key, { masks: [], startedAt: Date.now(), onDurable: () => {} });
      await writer.append(LINE, LINE.length);
      await writer.end();
    }
    const tar = pack();
    tar.entry({ name: 'a' }, runId);
    tar.finalize();
    await artifacts.save({ runId, stage: 'build[os=linux]', attempt: 1, name: 'dist' }, Readable.from(tar));
  }
  await objects.put('plans/x.json', LINE);
  expect((await bytes.listRuns()).toSorted()).toEqual([old, young].toSorted());
  const measured = await bytes.measure(old);
  expect(measured).toMatchObject({ count: expect.any(Number), bytes: expect.any(Number) });
  expect(measured.youngestAt).toBeGreaterThan(Date.now() - 60_000);
  await bytes.remove(old);
  await bytes.remove(old);
  expect(await bytes.listRuns()).toEqual([young]);
  expect(await bytes.listArtifacts(young)).toHaveLength(1);
  expect((await bytes.measure(old)).count).toBe(0);
  // No empty folders either.
  expect(await readdir(join(folder, 'logs'))).toHaveLength(1);
  expect(await readdir(join(folder, 'artifacts'))).toHaveLength(1);
  expect((await objects.list('chunks/')).length).toBe(2);
});
