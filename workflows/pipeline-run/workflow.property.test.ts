import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { behaveAs } from '#test/workflow/behave-as.ts';
import { startHarness, type Harness } from '#test/workflow/harness.ts';
import { outlineOf } from '#test/workflow/outlines.ts';
import { play } from '#test/workflow/play.ts';
import { growingGraph, randomGraph } from '#test/workflow/random-graphs.ts';

describeWith(['temporal'], 'random graphs through the real workflow', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.stop();
  });

  test('end exactly as the pure rules say, and run each stage once', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph(15), async (random) => {
        for (const { name } of random.nodes) harness.behave(name, () => ({ ending: random.endings[name] ?? 'passed' }));
        const run = await harness.start(outlineOf(random.nodes));
        const result = await run.result();
        const endings = Object.entries(result?.results ?? {}).map(([name, { ending }]) => [name, ending]);
        const expected = play(random, () => 0);
        expect(Object.fromEntries(endings)).toEqual(expected.endings);
        const ran = harness.ledger.filter((task) => task.runId === run.runId).map((task) => task.stage);
        expect(ran.toSorted()).toEqual(expected.begun.toSorted());
      }),
      { numRuns: 40 },
    );
  });

  test('also while they grow, by generators and by matrices whose axes come from outputs', async () => {
    await fc.assert(
      fc.asyncProperty(growingGraph(12), async (random) => {
        const { graph, late } = behaveAs(harness, random);
        const run = await harness.start(outlineOf(random.nodes));
        const result = await run.result();
        const ended = Object.entries(result?.results ?? {}).map(([name, { ending }]) => [name, ending]);
        const expected = play(graph, () => 0);
        expect(Object.fromEntries(ended)).toEqual(expected.endings);
        const ran = harness.ledger.filter((task) => task.runId === run.runId).map((task) => task.stage);
        expect(ran.toSorted()).toEqual(expected.begun.filter((name) => !late.has(name)).toSorted());
      }),
      { numRuns: 20 },
    );
  });
});
