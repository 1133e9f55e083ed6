import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AskedChange } from '#core/change.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { hang, startHarness, type Behaviour, type Harness, type StartedRun } from '#test/workflow/harness.ts';
import { gate, gateRules, needs, outlineOf, stage } from '#test/workflow/outlines.ts';
import { cancelRunUpdate, changeRunUpdate, decideGateUpdate, placeGivenSignal, stateQuery } from '../messages.ts';

/** On a busy machine the first task of a workflow takes a moment. */
const PATIENT = { timeout: 10_000 };

type Wanted = AskedChange extends infer Each ? (Each extends AskedChange ? Omit<Each, 'id' | 'by'> : never) : never;

describeWith(['temporal'], 'changes of an open run', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.stop();
  });

  const handleOf = (run: StartedRun) => harness.client.workflow.getHandle(run.workflowId);
  const change = (run: StartedRun, wanted: Wanted) =>
    handleOf(run).executeUpdate(changeRunUpdate, {
      args: [{ ...wanted, id: randomUUID(), by: 'user:ann' } as AskedChange],
    });
  const refusalOf = (run: StartedRun, wanted: Wanted) =>
    change(run, wanted).then(
      () => null,
      (error: { cause?: { type?: string } }) => error.cause?.type,
    );
  const stateOf = (run: StartedRun) => handleOf(run).query(stateQuery);
  const kindOf = async (run: StartedRun, name: string) =>
    (await stateOf(run)).nodes.find((node) => node.name === name)?.status.kind;
  const untilRunning = async (run: StartedRun, name: string) => {
    await expect.poll(() => kindOf(run, name), PATIENT).toBe('running');
  };
  const untilEnded = async (run: StartedRun, name: string) => {
    await expect.poll(() => kindOf(run, name), PATIENT).toBe('ended');
  };
  const endingsOf = async (run: StartedRun) => {
    const results = (await run.result())?.results ?? {};
    return Object.fromEntries(Object.entries(results).map(([name, { ending }]) => [name, ending]));
  };
  const begunOf = (run: StartedRun) =>
    harness.ledger.filter((task) => task.runId === run.runId).map((task) => `${task.stage} ${task.attempt}`);
  /** A stage that runs until the test lets it go. */
  const hold = (name: string, end: Awaited<ReturnType<Behaviour>> = {}) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    harness.behave(name, () => promise.then(() => end));
    return resolve;
  };
  const cancel = (run: StartedRun) =>
    handleOf(run).executeUpdate(cancelRunUpdate, { args: [{ id: randomUUID(), by: 'user:ann', force: true }] });

  test('a paused run lets what runs end and starts nothing until it is resumed', async () => {
    const release = hold('slow');
    const run = await harness.start(outlineOf([stage('slow'), stage('next', { needs: needs('slow') })]));
    await untilRunning(run, 'slow');
    expect(await change(run, { kind: 'pause', reason: 'fire drill' })).toMatchObject({
      kind: 'paused',
      reason: { code: 'paused', message: 'paused by user:ann: fire drill' },
    });
    release();
    await untilEnded(run, 'slow');
    expect(await refusalOf(run, { kind: 'pause', reason: null })).toBe('run-paused');
    const { nodes } = await stateOf(run);
    expect(nodes.find((node) => node.name === 'next')?.status).toMatchObject({
      kind: 'waiting',
      reason: { code: 'paused' },
    });
    expect(begunOf(run)).toEqual(['slow 1']);
    expect(await change(run, { kind: 'resume' })).toMatchObject({ kind: 'running' });
    expect(await endingsOf(run)).toEqual({ slow: 'passed', next: 'passed' });
  });

  test('every change is on record with its author before it is answered', async () => {
    const release = hold('slow');
    const run = await harness.start(outlineOf([stage('slow')]));
    await untilRunning(run, 'slow');
    await change(run, { kind: 'pause', reason: null });
    const batches = harness.batches.filter((batch) => batch.runId === run.runId);
    expect(batches.flatMap((batch) => batch.changes ?? [])).toMatchObject([{ kind: 'pause', by: 'user:ann' }]);
    expect(batches.at(-1)?.run).toMatchObject({ kind: 'paused' });
    release();
    // Nothing was left to start: the run ends, paused or not.
    expect(await endingsOf(run)).toEqual({ slow: 'passed' });
  });

  test('the expiry of a gate stands still while the run is paused', async () => {
    const outline = outlineOf([gate('ship', { expiresMs: 1_500 })]);
    const run = await harness.start(outline);
    await expect.poll(async () => (await stateOf(run)).gates.length, PATIENT).toBe(1);
    await change(run, { kind: 'pause', reason: null });
    const open = async () => (await stateOf(run)).gates[0];
    expect((await open())?.expiresAt).toBeNull();
    // Another one, begun later, is through its whole time by now.
    expect(await endingsOf(await harness.start(outline))).toEqual({ ship: 'rejected' });
    expect((await open())?.status.kind).toBe('waiting');
    await change(run, { kind: 'resume' });
    expect(Date.parse((await open())?.expiresAt ?? '')).toBeGreaterThan(Date.now());
    expect(await endingsOf(run)).toEqual({ ship: 'rejected' });
  });

  test("the run's time limit stands still while it is paused, and can be extended", async () => {
    harness.behave('hangs', hang);
    const outline = outlineOf([stage('hangs')], { timeoutMs: 1_500 });
    const run = await harness.start(outline);
    await untilRunning(run, 'hangs');
    await change(run, { kind: 'pause', reason: null });
    // Another one, begun later, is through its whole time by now.
    expect(await endingsOf(await harness.start(outline))).toEqual({ hangs: 'timed-out' });
    expect(await kindOf(run, 'hangs')).toBe('running');
    await change(run, { kind: 'resume' });
    await change(run, { kind: 'extend', stage: null, ms: 60_000 });
    expect(await endingsOf(await harness.start(outline))).toEqual({ hangs: 'timed-out' });
    expect(await kindOf(run, 'hangs')).toBe('running');
    await cancel(run);
    expect((await run.result())?.ending).toBe('cancelled');
  });

  test('a cancel ends a pause: always stages run', async () => {
    const release = hold('slow');
    const run = await harness.start(outlineOf([stage('slow'), stage('clean', { runOn: 'always' })]));
    await untilRunning(run, 'slow');
    await change(run, { kind: 'pause', reason: null });
    await handleOf(run).executeUpdate(cancelRunUpdate, { args: [{ id: 'c', by: 'user:ann', force: false }] });
    release();
    expect((await endingsOf(run))['clean']).toBe('passed');
    expect(await refusalOf(run, { kind: 'resume' }).catch(() => 'gone')).not.toBeNull();
  });

  test('a stage that waits is skipped at once and names who said so; what runs or ended is not', async () => {
    const release = hold('slow');
    const nodes = [
      stage('slow'),
      stage('lint', { needs: needs('slow') }),
      stage('last', { needs: needs('slow', 'lint') }),
    ];
    const run = await harness.start(outlineOf(nodes));
    await untilRunning(run, 'slow');
    expect(await refusalOf(run, { kind: 'skip', stage: 'slow', reason: null })).toBe('stage-begun');
    expect(await refusalOf(run, { kind: 'skip', stage: 'none', reason: null })).toBe('stage-unknown');
    await change(run, { kind: 'skip', stage: 'lint', reason: 'flaky' });
    const { nodes: now } = await stateOf(run);
    expect(now.find((node) => node.name === 'lint')?.status).toMatchObject({
      kind: 'ended',
      ending: 'skipped',
      reason: { code: 'skipped-by-person', message: 'skipped by user:ann: flaky' },
    });
    expect(await refusalOf(run, { kind: 'skip', stage: 'lint', reason: null })).toBe('stage-ended');
    release();
    expect(await endingsOf(run)).toEqual({ slow: 'passed', lint: 'skipped', last: 'passed' });
  });

  test('who comes after a stage that was skipped early still waits for what is before it', async () => {
    const release = hold('first', { ending: 'failed', exitCode: 1 });
    const chain = [
      stage('first'),
      stage('middle', { needs: needs('first') }),
      stage('last', { needs: [{ to: 'middle', on: 'any' }], ifAllSkipped: 'run' }),
    ];
    const run = await harness.start(outlineOf(chain));
    await untilRunning(run, 'first');
    await change(run, { kind: 'skip', stage: 'middle', reason: null });
    expect(await kindOf(run, 'last')).toBe('waiting');
    release();
    await endingsOf(run);
    // It looks at all ancestors, as if nobody had skipped anything in between.
    expect(begunOf(run)).toEqual(['first 1', 'last 1']);
  });

  test('a stage that waits at its gate can be skipped, which closes the gate; a gate itself cannot', async () => {
    const nodes = [stage('deploy', { gate: gateRules({ manual: true }) }), gate('ship', {})];
    const run = await harness.start(outlineOf(nodes));
    await expect.poll(async () => (await stateOf(run)).gates.length, PATIENT).toBe(2);
    expect(await refusalOf(run, { kind: 'skip', stage: 'ship', reason: null })).toBe('stage-is-gate');
    await change(run, { kind: 'skip', stage: 'deploy', reason: null });
    const closed = (await stateOf(run)).gates.find((state) => state.name === 'deploy');
    expect(closed?.status).toMatchObject({ kind: 'ended', ending: 'skipped', reason: { code: 'skipped-by-person' } });
    const actor = { id: 'user:bob', teams: [], verified: true };
    const at = new Date().toISOString();
    await handleOf(run).executeUpdate(decideGateUpdate, {
      args: ['ship', { id: 'd', verdict: 'approve', actor, comment: null, fields: {}, planDigest: 'digest', at }],
    });
    expect(await endingsOf(run)).toEqual({ deploy: 'skipped', ship: 'passed' });
  });

  test('a failed stage is begun once more in place, and what it kept from running runs', async () => {
    const release = hold('slow');
    harness.behave('build', (task) =>
      task.attempt === 1 ? { ending: 'failed', exitCode: 1 } : { outputs: { tag: 'v2' } },
    );
    const nodes = [
      stage('slow'),
      stage('build'),
      stage('test', { needs: needs('build'), reads: ['stages.build.outputs.tag'] }),
      stage('alert', { needs: [{ to: 'build', on: 'failed' }] }),
      stage('report', { needs: needs('alert', 'test') }),
    ];
    const run = await harness.start(outlineOf(nodes));
    await untilEnded(run, 'alert');
    await untilRunning(run, 'slow');
    expect(await refusalOf(run, { kind: 'retry', stage: 'slow' })).toBe('stage-not-failed');
    expect(await refusalOf(run, { kind: 'retry', stage: 'test' })).toBe('stage-not-failed');
    await change(run, { kind: 'retry', stage: 'build' });
    await untilEnded(run, 'report');
    release();
    expect(await endingsOf(run)).toEqual({
      slow: 'passed',
      build: 'passed',
      test: 'passed',
      alert: 'passed',
      report: 'passed',
    });
    expect(begunOf(run).filter((name) => name.startsWith('build'))).toEqual(['build 1', 'build 2']);
    expect(begunOf(run).filter((name) => name.startsWith('alert'))).toEqual(['alert 1']);
    expect((await run.result())?.ending).toBe('passed');
  });

  test('a retry of a leg lets its siblings go on that fail-fast had kept back', async () => {
    const release = hold('other');
    harness.behave('legs[n=1]', (task) => (task.attempt === 1 ? { ending: 'failed', exitCode: 1 } : {}));
    const legs = ['legs[n=1]', 'legs[n=2]'];
    const groups = { legs: { legs, failFast: true, maxParallel: 1 } };
    const run = await harness.start(outlineOf([stage('other'), ...legs.map((name) => stage(name))], { groups }));
    await untilEnded(run, 'legs[n=2]');
    await change(run, { kind: 'retry', stage: 'legs[n=1]' });
    release();
    expect(await endingsOf(run)).toEqual({ other: 'passed', 'legs[n=1]': 'passed', 'legs[n=2]': 'passed' });
  });

  test('a retry is refused once a stage that looks at the whole run has begun', async () => {
    const release = hold('clean');
    harness.behave('fails', () => ({ ending: 'failed', exitCode: 1 }));
    const run = await harness.start(outlineOf([stage('fails'), stage('clean', { runOn: 'always' })]));
    await untilRunning(run, 'clean');
    expect(await refusalOf(run, { kind: 'retry', stage: 'fails' })).toBe('finally-begun');
    release();
    expect((await run.result())?.ending).toBe('failed');
  });

  test('more time is given to stages with a limit that have not ended, up to a day in all', async () => {
    const release = hold('slow');
    const run = await harness.start(
      outlineOf([stage('quick'), stage('slow', { timeoutMs: 60_000 }), gate('ship', {})]),
    );
    await untilRunning(run, 'slow');
    await untilEnded(run, 'quick');
    await change(run, { kind: 'extend', stage: 'slow', ms: 80_000_000 });
    const refusals = [
      [{ kind: 'extend', stage: 'slow', ms: 10_000_000 }, 'extension-too-long'],
      [{ kind: 'extend', stage: 'quick', ms: 1_000 }, 'stage-ended'],
      [{ kind: 'extend', stage: null, ms: 1_000 }, 'timeout-missing'],
      [{ kind: 'extend', stage: 'ship', ms: 1_000 }, 'stage-is-gate'],
      [{ kind: 'resume' }, 'run-not-paused'],
    ] as const;
    for (const [wanted, code] of refusals) expect(await refusalOf(run, wanted)).toBe(code);
    release();
    await cancel(run);
    await run.result();
  });

  test('a stage that waits for a place of its workspace says so, asks again when it may have one, and can be skipped', async () => {
    let places = 0;
    const queued = { code: 'quota', message: '3 ahead; quota of acme/shop: 4 stages at once' };
    for (const name of ['first', 'second']) harness.behave(name, () => (places-- > 0 ? {} : ({ queued } as object)));
    const run = await harness.start(outlineOf([stage('first'), stage('second')]));
    const statusOf = async (name: string) => (await stateOf(run)).nodes.find((node) => node.name === name)?.status;
    for (const name of ['first', 'second']) {
      await expect.poll(() => statusOf(name), PATIENT).toMatchObject({ kind: 'queued', reason: queued });
    }
    // Told for nothing: it asks, and waits on.
    places = 0;
    await handleOf(run).signal(placeGivenSignal, 'first');
    await expect.poll(() => begunOf(run).filter((name) => name === 'first 1').length, PATIENT).toBe(2);
    await expect.poll(() => statusOf('first'), PATIENT).toMatchObject({ kind: 'queued', reason: queued });
    await change(run, { kind: 'skip', stage: 'second', reason: null });
    places = 1;
    await handleOf(run).signal(placeGivenSignal, 'first');
    expect(await endingsOf(run)).toEqual({ first: 'passed', second: 'skipped' });
    const codes = harness.batches
      .filter((batch) => batch.runId === run.runId)
      .flatMap((batch) => batch.nodes)
      .flatMap(({ name, status }) => (name === 'first' && status.kind === 'queued' ? [status.reason?.code] : []));
    expect(codes).toEqual(['quota', 'place-held', 'quota', 'place-held']);
  });
});
