import { randomUUID } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect } from 'vitest';
import type { ArtifactReference } from '#core/attempt.ts';
import type { Leftover, LeftoverKind, Retention } from '#core/leftovers.ts';
import type { RunObject } from '#core/rest.ts';
import { NO_REPORT } from '#core/test-report.ts';
import { recordAttemptEnd, recordAttemptStart } from '#db/queries/record-attempt.ts';
import { openRunBytes } from '#store/run-bytes.ts';
import { createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { ended, node, playBatch, running, useApi } from '#test/env/use-api.ts';
import type { ExecutorHost } from '../../executor/port.ts';
import { openSweep, type SweepDeps } from '../sweep.ts';

const DAY = 86_400_000;
const MINE: Retention = { days: 30, bytes: null };

/** An API with a store of its own whose runs leave what is swept; `left` is what runs have on the one host. */
export function useSweep() {
  const use = useApi();
  const left = new Map<string, string[]>();
  const host: ExecutorHost = {
    kind: 'fake',
    check: async () => null,
    openRun: async () => {},
    closeRun: async (runId) => void left.delete(runId),
    sweep: async () => {},
    listRuns: async () => [...left.keys()],
  };
  const depsOf = (changes: Partial<SweepDeps> = {}): SweepDeps => {
    const { database, context, folder } = use();
    const { objects, secrets, caches } = context.stores;
    return {
      ...{ database, objects, secrets, retention: MINE, bytes: openRunBytes({ objects }) },
      snapshotFolder: join(folder, 'data', 'snapshots'),
      caches: { store: caches, records: { findStrayCaches: async () => [] } },
      listHosts: async () => [host],
      ...changes,
    };
  };
  const run = async (mode: 'all' | 'look', changes: Partial<SweepDeps> = {}) => {
    const report = await openSweep(depsOf(changes))(mode);
    expect(report?.troubles).toEqual([]);
    return new Map<LeftoverKind, Leftover>(report?.leftovers.map((one) => [one.kind, one]));
  };
  const counts = (found: Map<LeftoverKind, Leftover>) =>
    Object.fromEntries([...found].filter(([, { count }]) => count > 0).map(([kind, { count }]) => [kind, count]));

  /** A run of two stages; `build` has passed with a log and an artifact, and the run has ended `endedAgoMs` ago. */
  const makeRun = async (endedAgoMs: number | null, content = randomUUID(), expiresAt: string | null = null) => {
    const api = use();
    api.usePlan(
      createPlan([
        createStagePlan('build'),
        createStagePlan('test', { needs: needs('build'), artifactsFrom: ['build'] }),
      ]),
    );
    const object = await api.client.startRun(api.request());
    const reference = await finishStage(object, content, expiresAt);
    const passed = node('build', ended('passed'));
    const kept = { ...passed, result: passed.result && { ...passed.result, artifacts: [reference] } };
    await playBatch(api, object, 2, { nodes: [kept], run: running });
    if (endedAgoMs !== null) await end(object, endedAgoMs);
    return { ...object, reference };
  };
  const finishStage = async (object: Pick<RunObject, 'id'>, content: string, expiresAt: string | null) => {
    const { database, context } = use();
    const key = { runId: object.id, stage: 'build', attempt: 1, version: 1 };
    const at = new Date().toISOString();
    await recordAttemptStart(database, key, { startedAt: at, hostId: 'h' });
    const writer = await context.stores.logs.write(key, { masks: [], startedAt: Date.parse(at), onDurable: () => {} });
    await writer.append(Buffer.from('hello\n'), 6);
    await writer.end();
    const tar = pack();
    tar.entry({ name: 'file' }, content);
    tar.finalize();
    const reference = await context.stores.artifacts.save({ ...key, name: 'dist' }, Readable.from(tar));
    await recordAttemptEnd(database, key, {
      result: {
        ...{ attempt: 1, ending: 'passed', exitCode: 0, started: true, logMatches: [], faultCode: null, step: null },
        ...{ reason: null, fault: null, outputs: {}, artifacts: [reference], startedAt: at, endedAt: at },
      },
      settlement: { kind: 'ended', ending: 'passed' },
      log: { bytes: 6, lines: 1 },
      artifacts: [{ reference, expiresAt }],
      report: NO_REPORT,
    });
    return reference;
  };
  const end = async (object: Pick<RunObject, 'id'>, agoMs: number) => {
    const api = use();
    await playBatch(api, object, 3, { nodes: [node('test', ended('failed'))], run: ended('failed') });
    await api.database`UPDATE runs SET ended_at = ${new Date(Date.now() - agoMs).toISOString()} WHERE id = ${object.id}`;
  };
  const rowOf = async (object: Pick<RunObject, 'id'>) => {
    const [row] = await use().database`
      SELECT expired_at IS NOT NULL AS expired, is_swept AS swept, ending FROM runs WHERE id = ${object.id}`;
    return row;
  };
  const isThere = async ({ manifest }: ArtifactReference) =>
    (await use().context.stores.objects.get(manifest.key)) !== null;
  const linesOf = (object: Pick<RunObject, 'id'>) =>
    use().context.stores.logs.readLines({ runId: object.id, stage: 'build', attempt: 1 }, 1, 10);
  /** As if nobody had touched what is stored for a week. */
  const ageObjects = async () => {
    const { objects } = use().context.stores;
    const at = new Date(Date.now() - 7 * DAY);
    for (const key of await objects.list('')) await utimes(join(use().folder, 'data', 'objects', key), at, at);
  };

  return { use, left, depsOf, run, counts, makeRun, end, rowOf, isThere, linesOf, ageObjects };
}
