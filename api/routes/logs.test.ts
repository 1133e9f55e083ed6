import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RunObject, StreamEvent } from '#core/rest.ts';
import { NO_REPORT } from '#core/test-report.ts';
import { asJson } from '#db/client.ts';
import { recordAttemptEnd, recordAttemptStart, recordLog } from '#db/queries/record-attempt.ts';
import type { LogWriter } from '#store/log/port.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { AT, ended, playBatch, refusalOf, useApi } from '#test/env/use-api.ts';
import { searchLogs } from './log-search.ts';

describe('logs', () => {
  const use = useApi();

  /** A stage that runs, and a writer of its log as the worker has it. */
  const startStage = async () => {
    const api = use();
    api.usePlan(createPlan([createStagePlan('build')]));
    const run = await api.client.startRun(api.request());
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 1 };
    await recordAttemptStart(api.database, key, { startedAt: AT, hostId: 'h' });
    let telling = Promise.resolve();
    const writer = await api.context.stores.logs.write(key, {
      masks: [],
      startedAt: Date.parse(AT),
      onDurable: (log) => {
        telling = telling.then(() => recordLog(api.database, key, log));
      },
    });
    const append = (text: string | Uint8Array) => {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
      return writer.append(bytes, bytes.byteLength);
    };
    const end = async () => {
      const { bytes, lines } = await writer.end();
      await telling;
      await recordAttemptEnd(api.database, key, {
        result: {
          ...{ attempt: 1, ending: 'passed', exitCode: 0, started: true, logMatches: [], faultCode: null, step: null },
          ...{ reason: null, fault: null, outputs: {}, artifacts: [], startedAt: AT, endedAt: AT },
        },
        settlement: { kind: 'ended', ending: 'passed' },
        log: { bytes, lines },
        artifacts: [],
        report: NO_REPORT,
      });
    };
    return { run, append, end, writer };
  };
  const followLog = (run: RunObject, position = 1) => {
    const events: StreamEvent[] = [];
    const stop = new AbortController();
    const topic = `log:${run.id}/build/1@${position}`;
    const over = use().client.stream([topic], (event) => events.push(event), stop.signal);
    return { events, over };
  };
  /** What a reader shows: a line that came as partial is replaced by the event that begins with it. */
  const readText = (events: StreamEvent[]) => {
    const lines: string[] = [];
    for (const event of events) {
      if (event.event === 'log') lines.splice(event.from - 1, lines.length, ...event.lines.map((line) => line.text));
    }
    return lines;
  };
  const endLog = async (writer: LogWriter) => void (await writer.end());

  test('rows, tail, index and bytes are what was written', async () => {
    const { run, append, end } = await startStage();
    await append('one\ntwo\nthree\n');
    await end();
    const client = use().client;
    expect(await client.readLog(run.label, 'build', 1, { from: 2, limit: 1 })).toMatchObject([{ n: 2, text: 'two' }]);
    expect(await client.readLog(run.label, 'build', 1, { tail: 2 })).toMatchObject([{ n: 2 }, { n: 3 }]);
    expect(await client.readLogIndex(run.label, 'build', 1)).toMatchObject({ lines: 3, bytes: 14, ended: true });
    const read = async (from: number) =>
      Buffer.concat(await (await client.readRawLog(run.id, 'build', 1, from)).toArray());
    expect((await read(0)).toString()).toBe('one\ntwo\nthree\n');
    expect((await read(4)).toString()).toBe('two\nthree\n');
  });

  test('the log of a service beside an attempt is read by its name; another name is none', async () => {
    const api = use();
    const image = { ref: 'busybox', pull: 'never' } as const;
    const ready = { kind: 'image', timeoutMs: 1 } as const;
    const services = [{ name: 'db', image, env: {}, secrets: [], command: null, ready }];
    api.usePlan(createPlan([createStagePlan('build', { services })]));
    const run = await api.client.startRun(api.request());
    const key = { runId: run.id, stage: 'build', attempt: 1 };
    await recordAttemptStart(api.database, { ...key, version: 1 }, { startedAt: AT, hostId: 'h' });
    const options = { masks: [], startedAt: Date.parse(AT), onDurable: () => undefined };
    const writer = await api.context.stores.logs.write({ ...key, service: 'db' }, options);
    await writer.append(Buffer.from('one\ntwo\n'), 8);
    await writer.end();
    const read = (service: string) => api.client.readServiceLog(run.label, 'build', 1, service, { tail: 1 });
    expect(await read('db')).toMatchObject([{ n: 2, text: 'two' }]);
    expect(await refusalOf(read('web'))).toMatchObject({ status: 404 });
  });

  test('bytes are answered one by one, whatever they are', async () => {
    const { run, append, end } = await startStage();
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 256));
    for (let from = 0; from < bytes.byteLength; from += 100_000) await append(bytes.subarray(from, from + 100_000));
    await end();
    const stored = Buffer.concat(await (await use().client.readRawLog(run.id, 'build', 1)).toArray());
    const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    expect(digest(stored)).toBe(digest(bytes));
  });

  test('a reader that follows sees every line once, and the end', async () => {
    const { run, append, end } = await startStage();
    const { events, over } = followLog(run);
    await append('one\ntw');
    await expect.poll(() => readText(events)).toEqual(['one', 'tw']);
    await append('o\nthree');
    await end();
    await over;
    expect(readText(events)).toEqual(['one', 'two', 'three']);
    expect(events.at(-2)).toMatchObject({ event: 'end', object: { lines: 3, bytes: 13 } });
  });

  test('a reader begins where it says, with the byte of that line', async () => {
    const { run, append, end } = await startStage();
    await append('one\ntwo\nthree\n');
    await end();
    const { events, over } = followLog(run, 2);
    await over;
    expect(events[1]).toMatchObject({ event: 'log', from: 2, byte: 4, lines: [{ text: 'two' }, { text: 'three' }] });
  });

  test('a long log comes in pieces of at most 64 KiB', async () => {
    const { run, append, end } = await startStage();
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 90)}`);
    await append(`${lines.join('\n')}\n`);
    await end();
    const { events, over } = followLog(run);
    await over;
    expect(readText(events)).toEqual(lines);
    expect(Math.max(...events.map((event) => JSON.stringify(event).length))).toBeLessThan(128 * 1024);
  });

  test('three who follow a log while it is written see every line once and in order', async () => {
    const LINES = 50_000;
    const { run, append, end } = await startStage();
    const follow = async () => {
      let next = 0;
      const strays: string[] = [];
      const onEvent = (event: StreamEvent) => {
        if (event.event === 'gap') strays.push('gap');
        if (event.event !== 'log') return;
        for (const { text } of event.partial ? event.lines.slice(0, -1) : event.lines) {
          if (text === `${next} ${'x'.repeat(90)}`) next++;
          else strays.push(text);
        }
      };
      await use().client.stream([`log:${run.id}/build/1@1`], onEvent, new AbortController().signal);
      return { next, strays };
    };
    const following = [follow(), follow(), follow()];
    for (let from = 0; from < LINES; from += 500) {
      const lines = Array.from({ length: 500 }, (_, index) => `${from + index} ${'x'.repeat(90)}\n`);
      await append(lines.join(''));
    }
    await end();
    for (const seen of await Promise.all(following)) expect(seen).toEqual({ next: LINES, strays: [] });
  });

  test('missing bytes are said', async () => {
    const { run, append, end, writer } = await startStage();
    await append('one\n');
    await writer.gap({ bytes: 5_000, cause: 'rotated away' });
    await append('two\n');
    await end();
    const { events, over } = followLog(run);
    await over;
    expect(events.filter((event) => event.event === 'gap')).toMatchObject([{ bytes: 5_000 }]);
    expect(readText(events).filter((line) => line !== '')).toEqual(['one', 'two']);
  });

  test('a search that takes long lets others have their turn, and ends', async () => {
    const { run, append, end } = await startStage();
    await append(`${'a'.repeat(400)}\n`.repeat(150));
    await end();
    const search = { text: '(?i)[a-z]{1,100}[0-9]{1,100}z', isPattern: true, isCaseSensitive: true };
    const key = { runId: run.id, stage: 'build', attempt: 1 };
    const { logs } = use().context.stores;
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    const found = Array.fromAsync(await searchLogs(logs, [{ key }], search)).finally(() => (isOver = true));
    count();
    expect(await found).toEqual(['{"total":0,"capped":false}\n']);
    expect(turns).toBeGreaterThan(3);
    expect(await Array.fromAsync(await searchLogs(logs, [{ key }], search, { searchMs: 1 }))).toEqual([
      '{"total":0,"capped":true}\n',
    ]);
    const signal = AbortSignal.abort();
    expect(await Array.fromAsync(await searchLogs(logs, [{ key }], search, { signal }))).toEqual([
      '{"total":0,"capped":true}\n',
    ]);
  });

  test('search finds words and patterns and counts them', async () => {
    const { run, append, end } = await startStage();
    await append('alpha\nBETA\nalphabet\n');
    await end();
    const client = use().client;
    expect(await client.searchLog(run.id, 'build', 1, { q: 'ALPHA' })).toMatchObject({
      hits: [{ n: 1 }, { n: 3 }],
      total: 2,
    });
    expect((await client.searchLog(run.id, 'build', 1, { q: '^al.*t$', regex: true })).hits).toMatchObject([{ n: 3 }]);
    const large = await refusalOf(client.searchLog(run.id, 'build', 1, { q: '(?:a?){1000}a{1000}', regex: true }));
    expect(large).toMatchObject({ status: 422, code: 'pattern-invalid' });
    expect(await refusalOf(client.searchLog(run.id, 'build', 1, { q: '(', regex: true }))).toMatchObject({
      status: 422,
    });
  });

  test('hits are told by their places in the text as it is read, once a line', async () => {
    const { run, append, end } = await startStage();
    await append('one\n\u001b[31mer\u001b[0mror: a+b error\r\nÄrger\u009b\nlast error');
    await end();
    const client = use().client;
    expect(await client.searchLog(run.id, 'build', 1, { q: 'ERROR' })).toMatchObject({
      hits: [
        {
          n: 2,
          ranges: [
            [0, 5],
            [11, 16],
          ],
        },
        { n: 4, text: 'last error', ranges: [[5, 10]] },
      ],
      total: 2,
    });
    expect((await client.searchLog(run.id, 'build', 1, { q: 'a+b' })).hits).toMatchObject([{ n: 2 }]);
    expect((await client.searchLog(run.id, 'build', 1, { q: 'ärger' })).hits).toMatchObject([{ n: 3 }]);
    expect((await client.searchLog(run.id, 'build', 1, { q: 'Error', case: true })).total).toBe(0);
    const ended = await client.searchLog(run.id, 'build', 1, { q: 'b err[a-z]+$', regex: true });
    expect(ended.hits).toMatchObject([{ n: 2, ranges: [[9, 16]] }]);
    expect(await refusalOf(client.searchLog(run.id, 'build', 1, { q: 'one\nerror' }))).toMatchObject({ status: 422 });
    expect(await client.searchLogs(run.id, { q: 'last' })).toMatchObject({
      hits: [{ stage: 'build', attempt: 1, n: 4 }],
      total: 1,
    });
  });

  test('a search looks through every line of a long log, and lists the first 10,000 hits', async () => {
    const { run, append, end } = await startStage();
    for (let block = 0; block < 40; block++) {
      await append(Array.from({ length: 1_000 }, (_, line) => `line ${block * 1_000 + line + 1}\n`).join(''));
    }
    await end();
    const all = await use().client.searchLog(run.id, 'build', 1, { q: 'line' });
    expect(all).toMatchObject({ total: 40_000, capped: false });
    expect(all.hits).toHaveLength(10_000);
    expect(all.hits.every((hit, index) => hit.n === index + 1)).toBe(true);
    expect((await use().client.searchLog(run.id, 'build', 1, { q: '^line 39{4}$', regex: true })).hits).toMatchObject([
      { n: 39_999 },
    ]);
  });

  test('a log whose attempt is over and whose end was never stored says so by a gap behind its last line', async () => {
    const { run, append, writer } = await startStage();
    await append('one\ntwo\n');
    await writer.release();
    const read = () => use().client.readLogIndex(run.id, 'build', 1);
    expect(await read()).toMatchObject({ lines: 2, ended: false, gaps: [] });
    const at = new Date().toISOString();
    const status = { kind: 'ended', ending: 'errored', reason: { code: 'host-lost', message: 'its host is gone' }, at };
    await use().database`
      UPDATE attempts SET log_ended = true, ended_at = ${at}, status = ${asJson(use().database, status)}
      WHERE run_id = ${run.id}`;
    const cause = 'its end was not stored: its host is gone';
    expect(await read()).toMatchObject({ ended: false, gaps: [{ line: 3, bytes: 0, cause }] });
    const rows = await use().client.readLog(run.id, 'build', 1, { from: 2, limit: 10 });
    expect(rows).toMatchObject([{ n: 2, text: 'two' }, { gap: { cause } }]);
    expect(await use().client.readLog(run.id, 'build', 1, { from: 1, limit: 1 })).toMatchObject([{ n: 1 }]);
  });

  test('an attempt that is not there is 404; its topic ends with the run', async () => {
    const { run, writer } = await startStage();
    expect(await refusalOf(use().client.readLogIndex(run.id, 'build', 7))).toMatchObject({ status: 404 });
    expect(await refusalOf(use().client.readLogIndex(run.id, 'nothing', 1))).toMatchObject({ status: 404 });
    const events: StreamEvent[] = [];
    const stop = new AbortController();
    const over = use().client.stream([`log:${run.id}/build/7`], (event) => events.push(event), stop.signal);
    await expect.poll(() => events.map((event) => event.event)).toEqual(['hello']);
    await playBatch(use(), run, 5, { run: ended('errored') });
    await over;
    expect(events.at(-2)).toMatchObject({ event: 'end', object: { lines: 0, bytes: 0 } });
    await endLog(writer);
  });
});
