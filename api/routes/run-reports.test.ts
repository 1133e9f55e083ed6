import { describe, expect, test } from 'vitest';
import type { TestCase } from '#core/test-report.ts';
import { recordAttemptEnd } from '#db/queries/record-attempt.ts';
import { AT } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';
const NONE = { durationMs: null, message: null, trace: null, file: null, line: null, flaky: false };

describe('what stages report', () => {
  const use = useServer();
  const start = async (name: string, branch = 'main') =>
    (await use().bo('POST', `/pipelines/${name}/runs`, { branch })).body as { id: string; label: string };
  /** The stage of the run ends with these tests. */
  const report = async (run: { id: string }, tests: TestCase[], attempt = 1) => {
    await recordAttemptEnd(
      use().api.database,
      { runId: run.id, stage: 'a', attempt, version: attempt },
      {
        result: {
          ...{ attempt, ending: 'passed', exitCode: 0, started: true, logMatches: [], faultCode: null, step: null },
          ...{ reason: null, fault: null, outputs: {}, artifacts: [], startedAt: AT, endedAt: AT },
        },
        settlement: { kind: 'ended', ending: 'passed' },
        log: { bytes: 0, lines: 0 },
        artifacts: [],
        report: {
          tests,
          totals: { passed: tests.length, failed: 0, errored: 0, skipped: 0 },
          notes: [{ name: 'summary', text: '## fine\u0000' }],
        },
      },
    );
  };
  const open = async (name: string) => {
    expect(await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT })).toMatchObject({
      status: 201,
    });
  };
  const test_ = (name: string, outcome: TestCase['outcome'], durationMs: number | null = null): TestCase => ({
    ...NONE,
    ...{ suite: 'cart', name, outcome, durationMs },
  });

  test('tests are listed page by page in their order, for who may read the run', async () => {
    await open('tested');
    const run = await start('tested');
    await report(run, [test_('adds', 'failed'), test_('divides', 'passed', 12), test_('rounds', 'passed')]);
    const first = (await use().vic('GET', `/runs/${run.id}/tests?limit=2`)).body;
    const second = (await use().vic('GET', `/runs/${run.id}/tests?limit=2&cursor=${first.next}`)).body;
    const names = [...first.items, ...second.items].map((item: { name: string }) => item.name);
    expect(names).toEqual(['adds', 'divides', 'rounds']);
    const failed = (await use().vic('GET', `/runs/${run.id}/tests?outcome=failed&stage=a`)).body;
    expect(failed.items).toMatchObject([{ name: 'adds', previous: null, flaky: false }]);
    const stages = (await use().vic('GET', `/runs/${run.id}/stages`)).body;
    expect(stages.items[0].attempts[0].tests).toMatchObject({ passed: 3 });
    for (const path of ['tests', 'notes', `tests/${first.items[0].id}/history`]) {
      expect(await use().mallory('GET', `/runs/${run.id}/${path}`)).toMatchObject({ status: 404 });
    }
  });

  test("a test knows its result in the branch's previous run, and both ways on one commit are flaky", async () => {
    await open('compared');
    const elsewhere = await start('compared', 'other');
    await report(elsewhere, [test_('adds', 'passed', 1)]);
    const before = await start('compared');
    await report(before, [test_('adds', 'failed', 5), test_('divides', 'passed', 900)]);
    const after = await start('compared');
    await report(after, [test_('adds', 'passed', 7), test_('divides', 'passed', 2_500)]);
    const { items } = (await use().vic('GET', `/runs/${after.id}/tests`)).body;
    expect(items).toMatchObject([
      { name: 'adds', outcome: 'passed', previous: { outcome: 'failed', durationMs: 5 } },
      { name: 'divides', flaky: false, previous: { outcome: 'passed', durationMs: 900 } },
    ]);
    // Both runs are of the same plan, and of no commit.
    expect(items[0].flaky).toBe(true);
    const history = (await use().vic('GET', `/runs/${after.id}/tests/${items[0].id}/history`)).body;
    expect(history.items.map((one: { outcome: string; label: string }) => [one.label, one.outcome])).toEqual([
      ['compared#3', 'passed'],
      ['compared#2', 'failed'],
      ['compared#1', 'passed'],
    ]);
    expect(await use().vic('GET', `/runs/${before.id}/tests/${items[0].id}/history`)).toMatchObject({ status: 404 });
  });

  test('notes come back as text, with what a database cannot hold replaced', async () => {
    await open('noted');
    const run = await start('noted');
    await report(run, []);
    const { items } = (await use().vic('GET', `/runs/${run.id}/notes`)).body;
    expect(items).toMatchObject([{ stage: 'a', attempt: 1, name: 'summary', text: '## fine\ufffd' }]);
  });
});
