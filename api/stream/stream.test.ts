import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '#core/rest.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch, refusalOf, running, useApi } from '#test/env/use-api.ts';

describe('the stream of a run', () => {
  const use = useApi();
  const startRun = async () => {
    use().usePlan(createPlan([createStagePlan('a'), createStagePlan('b')]));
    return use().client.startRun(use().request());
  };
  /** Follows until the stream ends; the events gather in `seen`. */
  const follow = (topic: string, cursor: string | null = null) => {
    const seen: { event: StreamEvent; cursor: string }[] = [];
    const stop = new AbortController();
    const ended = use().client.stream([topic], (event, at) => seen.push({ event, cursor: at }), stop.signal, cursor);
    return { seen, ended, stop: () => stop.abort() };
  };
  const names = (seen: { event: StreamEvent }[]) =>
    seen.map(({ event }) => (event.event === 'state' && 'name' in event.object ? event.object.name : event.event));

  test('says hello, what changes, the end, and ends', async () => {
    const run = await startRun();
    const { seen, ended: over } = follow(`run:${run.id}@${run.seq}`);
    await expect.poll(() => names(seen)).toEqual(['hello']);
    expect(use().context.metrics.render([])).toMatch(/^buildit_api_streams 1$/m);
    await playBatch(use(), run, 1, { nodes: [node('a', running)] });
    await expect.poll(() => names(seen)).toEqual(['hello', 'a', 'state']);
    const passed = ended('passed');
    await playBatch(use(), run, 2, { nodes: [node('a', passed), node('b', passed)], run: passed });
    await over;
    expect(names(seen).slice(3)).toEqual(['a', 'b', 'state', 'end', 'bye']);
    expect(seen.at(-2)?.event).toMatchObject({ event: 'end', object: { status: { ending: 'passed' } } });
    expect(use().context.metrics.render([])).toMatch(/^buildit_api_streams 0$/m);
  });

  test('resumes behind the cursor wherever it was cut', async () => {
    const run = await startRun();
    await playBatch(use(), run, 1, { nodes: [node('a', running), node('b', running)] });
    await playBatch(use(), run, 2, { nodes: [node('b', ended('failed'))], run: ended('failed') });
    const whole = follow(`run:${run.id}`);
    await whole.ended;
    for (const [index, { cursor }] of whole.seen.entries()) {
      const rest = follow(`run:${run.id}`, cursor);
      await rest.ended;
      const missed = names(whole.seen.slice(index + 1)).filter((name) => name === 'a' || name === 'b');
      expect(names(rest.seen)).toEqual(expect.arrayContaining(missed));
    }
  });

  test('a position the data does not have is a resync', async () => {
    const run = await startRun();
    const { seen, stop, ended: over } = follow(`run:${run.id}@9999`);
    await expect.poll(() => names(seen)).toContain('resync');
    stop();
    await over;
  });

  test('an unknown topic, an unknown run and no topic are refused', async () => {
    expect(await refusalOf(follow('weather:today').ended)).toMatchObject({ status: 400, code: 'topic-unknown' });
    const id = '00000000-0000-7000-8000-00000000ffff';
    expect(await refusalOf(follow(`run:${id}`).ended)).toMatchObject({ status: 404 });
    const stop = new AbortController();
    expect(await refusalOf(use().client.stream([], () => {}, stop.signal))).toMatchObject({ code: 'values-invalid' });
  });

  test('many writers and one reader: the last state of each stage arrives', async () => {
    const run = await startRun();
    const { seen, ended: over } = follow(`run:${run.id}`);
    const versions = Array.from({ length: 60 }, (_, index) => index + 1);
    const write = (version: number) =>
      playBatch(use(), run, version, {
        nodes: [node(version % 2 ? 'a' : 'b', { kind: 'queued', since: new Date(version).toISOString() })],
      });
    await Promise.all(versions.map(write));
    await playBatch(use(), run, 100, { run: ended('passed') });
    await over;
    const stages = await use().client.listStages(run.id);
    for (const stage of stages) {
      const states = seen.flatMap(({ event }) =>
        event.event === 'state' && event.kind === 'stage' && event.object.id === stage.id ? [event.object.status] : [],
      );
      expect(states.at(-1)).toEqual(stage.status);
    }
  });

  test('a reader that leaves ends its stream, and HEAD answers its head and begins none', async () => {
    const run = await startRun();
    const countStreams = () => use().context.metrics.countStreams();
    const { seen, stop, ended: over } = follow(`run:${run.id}`);
    await expect.poll(() => names(seen)).toContain('hello');
    const head = await use().fetch(`/api/v1/stream?topic=run:${run.id}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/event-stream', '']);
    expect(head.headers.get('x-request-id')).toMatch(/./);
    expect(countStreams()).toBe(1);
    stop();
    await over;
    await expect.poll(countStreams).toBe(0);
  });
});
