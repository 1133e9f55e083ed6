import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunInput } from '#core/run.ts';
import { markSealed } from '#core/sealed-text.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { useApi } from '#test/env/use-api.ts';
import { createChildRecords } from '../record/child-records.ts';
import { createStartChild } from './start-child.ts';

const HELLO = 'pipeline "hello" { param "name" default="you" }\nstage "greet" { image "busybox:1.37"; run "true" }\n';

describe('the run that a stage starts', () => {
  const use = useApi();
  const objects = new Map<string, Uint8Array>();
  const sealed: Record<string, string>[] = [];
  const open = () =>
    createStartChild({
      records: createChildRecords(use().database),
      objects: {
        get: async (key) => objects.get(key) ?? (await use().context.stores.objects.get(key)),
        stat: async (key) => (objects.has(key) ? { bytes: 0, changedAt: 0 } : null),
        put: async (key, value) => void objects.set(key, value),
      },
      transfers: use().context.stores.transfers,
      secrets: { open: async () => ({}), seal: async (_runId, values) => void sealed.push({ ...values }) },
      processExecutor: false,
    });
  const startParent = async (files: Record<string, string>, { group }: { group?: string } = {}) => {
    const api = use();
    const request = api.request();
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(request.root, file)), { recursive: true });
      writeFileSync(join(request.root, file), text);
    }
    const concurrency = group === undefined ? {} : { concurrency: { group, limit: 1, whenBusy: 'queue' as const } };
    api.usePlan(createPlan([createStagePlan('deliver', { child: { name: 'hello', params: {} }, ...concurrency })]));
    return api.client.startRun(request);
  };
  const ask = (runId: string, pipeline: string, params: Record<string, string> = {}, attempt = 1) =>
    open()({ runId, stage: 'deliver', attempt, label: 'local/1', pipeline, params });

  test('is one of its own, with the source of its parent, linked on both sides', async () => {
    const parent = await startParent({ 'hello.kdl': HELLO });
    const started = await ask(parent.id, 'hello', { name: 'Ann' });
    if (started.kind !== 'started') throw new Error(started.reason.message);
    const { input } = started;
    expect(input).toMatchObject({ parent: { runId: parent.id, stage: 'deliver' }, outline: { name: 'hello' } });
    const child = await use().client.getRun(input.runId);
    expect(child).toMatchObject({
      ...{ pipeline: { name: 'hello' }, params: { name: 'Ann' }, startedBy: parent.startedBy },
      parent: { run: parent.id, label: parent.label, stage: 'deliver' },
    });
    expect(await use().database`SELECT id FROM outbox WHERE run_id = ${input.runId}`).toEqual([]);
  });

  test('is the same when it is asked for again, and another one with the next attempt', async () => {
    const parent = await startParent({ 'hello.kdl': HELLO });
    const idOf = async (attempt: number) => {
      const started = await ask(parent.id, 'hello', {}, attempt);
      return started.kind === 'started' ? started.input : null;
    };
    const first: RunInput | null = await idOf(1);
    expect(await idOf(1)).toEqual(first);
    expect((await idOf(2))?.runId).not.toBe(first?.runId);
  });

  test('is found in .buildit when there is none beside the file', async () => {
    const parent = await startParent({ '.buildit/inner.kdl': HELLO });
    expect(await ask(parent.id, 'inner')).toMatchObject({ kind: 'started' });
  });

  test('is refused with the reason when there is none, when it is wrong, and when a parameter is none of it', async () => {
    const parent = await startParent({ 'hello.kdl': HELLO, 'wrong.kdl': 'stage "x"\n' });
    expect(await ask(parent.id, 'nobody')).toMatchObject({ reason: { code: 'child-unknown' } });
    expect(await ask(parent.id, '../../etc/passwd')).toMatchObject({ reason: { code: 'child-unknown' } });
    expect(await ask(parent.id, 'wrong')).toMatchObject({
      reason: { code: 'child-invalid', message: expect.stringContaining('wrong.kdl:1: the stage "x"') },
    });
    expect(await ask(parent.id, 'hello', { nothing: 'x' })).toMatchObject({ reason: { code: 'child-invalid' } });
  });

  test('is refused when a parameter would be a secret output: parameters are kept in the clear', async () => {
    const parent = await startParent({ 'hello.kdl': HELLO });
    const answer = await ask(parent.id, 'hello', { name: markSealed('x') });
    expect(answer).toMatchObject({ kind: 'refused', reason: { code: 'secret-output-misplaced' } });
  });

  test('is refused when it would start itself, and deeper than five', async () => {
    const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.kdl`, HELLO]));
    const parent = await startParent({ 'hello.kdl': HELLO, ...files });
    let id = parent.id;
    for (const name of ['a', 'b', 'c', 'd']) {
      const started = await ask(id, name);
      if (started.kind !== 'started') throw new Error(started.reason.message);
      id = started.input.runId;
      expect(await ask(id, 'a')).toMatchObject({ reason: { code: 'child-circle' } });
    }
    expect(await ask(id, 'e')).toMatchObject({ reason: { code: 'child-too-deep' } });
  });

  test('is refused when it wants a place that a run which waits for it has', async () => {
    const busy = HELLO.replace('param', 'concurrency "prod"; param');
    const parent = await startParent({ 'hello.kdl': HELLO, 'busy.kdl': busy, 'free.kdl': HELLO }, { group: 'prod' });
    const reason = { code: 'child-circle', message: expect.stringContaining('the group "prod"') };
    expect(await ask(parent.id, 'busy')).toMatchObject({ kind: 'refused', reason });
    expect(await ask(parent.id, 'free')).toMatchObject({ kind: 'started' });
  });

  test('stands beside its parent in the order of ids', async () => {
    const parent = await startParent({ 'hello.kdl': HELLO });
    const started = await ask(parent.id, 'hello');
    const id = started.kind === 'started' ? started.input.runId : '';
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id.slice(0, 13)).toBe(parent.id.slice(0, 13));
  });

  test('of a run nobody knows is a bug, said as one', async () => {
    await expect(ask(randomUUID(), 'hello')).rejects.toThrow('there is no run');
  });
});
