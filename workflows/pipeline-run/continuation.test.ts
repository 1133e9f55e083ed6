import { Context } from '@temporalio/activity';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunResult } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { behaveAs } from '#test/workflow/behave-as.ts';
import { hang, startHarness, type Harness, type StartedRun } from '#test/workflow/harness.ts';
import { gate, needs, outlineOf, stage } from '#test/workflow/outlines.ts';
import { play } from '#test/workflow/play.ts';
import { growingGraph, randomGraph, type RandomGraph } from '#test/workflow/random-graphs.ts';
import { cancelRunUpdate, changeRunUpdate, decideGateUpdate, stateQuery } from '#workflows/messages.ts';

/** Events after which the server of these tests asks a workflow to continue: a few stages. */
const SUGGESTED_AT = 30;

describeWith(['temporal'], 'a run that goes on in new executions', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness([`limit.historyCount.suggestContinueAsNew=${SUGGESTED_AT}`]);
  });
  afterAll(async () => {
    await harness.stop();
  });

  const sequence = (length: number) =>
    Array.from({ length }, (_, index) => {
      const name = `q${index}`;
      return stage(name, { needs: index === 0 ? [] : needs(`q${index - 1}`) });
    });
  const listExecutions = async ({ workflowId }: StartedRun) => {
    const lengths: number[] = [];
    const query = `WorkflowId = '${workflowId}'`;
    for await (const one of harness.client.workflow.list({ query })) lengths.push(one.historyLength ?? 0);
    return lengths;
  };
  /** Visibility is told a moment later. */
  const waitForExecutions = async (run: StartedRun) =>
    await expect.poll(async () => (await listExecutions(run)).length, { timeout: 20_000 }).toBeGreaterThan(1);
  const stagesOf = (runId: string) => harness.ledger.filter((task) => task.runId === runId).map((task) => task.stage);
  const summarize = (result: RunResult | null) => {
    const entries = Object.entries(result?.results ?? {});
    return {
      endings: Object.fromEntries(entries.map(([name, { ending }]) => [name, ending])),
      reasons: Object.fromEntries(entries.map(([name, { reason }]) => [name, reason?.code ?? null])),
    };
  };
  const runRandom = async (random: RandomGraph) => {
    const { graph, late } = behaveAs(harness, random);
    const run = await harness.start(outlineOf(random.nodes), { maxParallel: 3 });
    const { begun, endings, reasons } = play(graph, () => 0);
    for (const name of begun.filter((one) => late.has(one))) {
      reasons[name] = endings[name] === 'passed' ? 'legs-added' : 'legs-refused';
    }
    expect(summarize(await run.result())).toEqual({ endings, reasons });
    expect(stagesOf(run.runId).toSorted()).toEqual(begun.filter((name) => !late.has(name)).toSorted());
  };

  test('ends as one that does not, stage by stage and reason by reason, each stage begun once', async () => {
    await fc.assert(fc.asyncProperty(randomGraph(30), runRandom), { numRuns: 10 });
  });

  test('also when generators and late matrices add to it', async () => {
    const generating = growingGraph(20).map(({ growths = {}, nodes, ...rest }) => ({
      ...{ ...rest, growths },
      nodes: nodes.map((node) =>
        growths[node.name] && !node.lateMatrix ? { ...node, generates: true as const } : node,
      ),
    }));
    await fc.assert(fc.asyncProperty(generating, runRandom), { numRuns: 6 });
  });

  test('has a history each that is short, and batches whose versions grow over all of them', async () => {
    harness.behave('q0', () => ({ outputs: { tag: 'v1' } }));
    const last = stage('last', { needs: needs('q23'), reads: ['stages.q0.outputs.tag'] });
    const run = await harness.start(outlineOf([...sequence(24), last]));
    expect((await run.result())?.ending).toBe('passed');
    expect(stagesOf(run.runId)).toHaveLength(25);
    expect(harness.ledger.at(-1)?.values).toEqual({ 'stages.q0.outputs.tag': 'v1' });
    await waitForExecutions(run);
    for (const length of await listExecutions(run)) expect(length).toBeLessThan(SUGGESTED_AT + 20);
    const versions = harness.batches.filter((batch) => batch.runId === run.runId).map((batch) => batch.version);
    expect(versions).toEqual(versions.toSorted((left, right) => left - right));
    expect(new Set(versions).size).toBe(versions.length);
  });

  test('is cancelled wherever it is, and its always stages still run', async () => {
    harness.behave('hangs', hang);
    const always = stage('clean', { runOn: 'always' });
    const run = await harness.start(
      outlineOf([
        ...sequence(15),
        stage('hangs', { needs: needs('q14') }),
        stage('after', { needs: needs('hangs') }),
        always,
      ]),
    );
    const handle = harness.client.workflow.getHandle(run.workflowId);
    await expect.poll(() => stagesOf(run.runId), { timeout: 30_000 }).toContain('hangs');
    await handle.executeUpdate(cancelRunUpdate, { args: [{ id: 'c', by: 'user:ann', force: false }] });
    const result = await run.result();
    expect(result).toMatchObject({ ending: 'cancelled', results: { clean: { ending: 'passed' } } });
    expect(result?.results['after']?.ending).toBe('not-run');
    await waitForExecutions(run);
  });

  test('asks at gates, and begins a stage again that failed in an execution before', async () => {
    harness.behave('flaky', (task) =>
      task.attempt === 1 ? { ending: 'failed', exitCode: 1 } : { outputs: { n: '2' } },
    );
    const ship = gate('ship', { manual: true }, { needs: needs('q14') });
    const run = await harness.start(
      outlineOf([
        stage('flaky'),
        stage('behind', { needs: needs('flaky'), reads: ['stages.flaky.outputs.n'] }),
        ...sequence(15),
        ship,
        stage('deploy', { needs: needs('ship'), timeoutMs: 60_000 }),
      ]),
    );
    const handle = harness.client.workflow.getHandle(run.workflowId);
    const extend = () =>
      handle.executeUpdate(changeRunUpdate, {
        args: [{ kind: 'extend', id: 'e', by: 'user:ann', stage: 'deploy', ms: 1_000 }],
      });
    await extend();
    await expect
      .poll(async () => (await handle.query(stateQuery)).gates.map((one) => one.name), { timeout: 30_000 })
      .toEqual(['ship']);
    await waitForExecutions(run);
    // Sent again by who had no answer: it was done in an execution before this one.
    await extend();
    const changes = harness.batches
      .filter((batch) => batch.runId === run.runId)
      .flatMap((batch) => batch.changes ?? []);
    expect(changes.filter(({ id }) => id === 'e')).toHaveLength(1);
    await handle.executeUpdate(changeRunUpdate, { args: [{ kind: 'retry', id: 'r', by: 'user:ann', stage: 'flaky' }] });
    const actor = { id: 'user:ann', teams: [], verified: true };
    const at = '2026-01-01T00:00:00.000Z';
    const decision = {
      id: 'd',
      verdict: 'approve' as const,
      actor,
      comment: null,
      fields: {},
      planDigest: 'digest',
      at,
    };
    await handle.executeUpdate(decideGateUpdate, { updateId: 'd', args: ['ship', decision] });
    const result = await run.result();
    expect(result?.ending).toBe('passed');
    expect(result?.results['flaky']).toMatchObject({ ending: 'passed', attempts: 2 });
    expect(result?.results['behind']?.ending).toBe('passed');
    expect(stagesOf(run.runId).filter((name) => name === 'flaky')).toHaveLength(2);
  });

  test('waits for what executes no longer than it may: one long stage does not keep the others', async () => {
    let end = () => {};
    harness.behave('long', async () => {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 100);
      await new Promise<void>((resolve) => (end = resolve));
      clearInterval(beat);
      return {};
    });
    const run = await harness.start(outlineOf([stage('long'), ...sequence(12)]));
    await expect.poll(() => stagesOf(run.runId), { timeout: 60_000 }).toContain('q11');
    end();
    expect((await run.result())?.ending).toBe('passed');
    expect(stagesOf(run.runId)).toHaveLength(13);
  });
});
