import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import type { StagePlan } from '#core/plan.ts';
import { createGlobMatcher } from '../executor/globs.ts';
import type { Handle } from '../executor/port.ts';
import { gatherReport } from './gather-report.ts';

const HANDLE: Handle = { name: 'a', runId: 'r', startedAt: '', state: 'exited', created: false };
const REPORT =
  '<testsuite name="s"><testcase name="a"/><testcase name="b"><failure message="no: hunter22"/></testcase></testsuite>';

/** What an attempt that left these files reports. */
function gather(
  files: Record<string, string>,
  stage: Pick<StagePlan, 'reports' | 'notes'>,
  summary: string | null = null,
) {
  return gatherReport({
    executor: {
      async collect(_, wanted) {
        const tar = pack();
        const matches = createGlobMatcher('trees' in wanted ? [] : wanted);
        for (const [name, content] of Object.entries(files)) if (matches(name)) tar.entry({ name }, content);
        tar.finalize();
        return Readable.from(tar);
      },
      readExchange: async (_handle, file, limit) =>
        Buffer.from(file === 'summary' ? (summary ?? '') : '').subarray(0, limit + 1),
    },
    handle: HANDLE,
    stage,
    written: new Set(summary === null ? [] : ['summary']),
    ending: 'passed',
    secrets: ['hunter22'],
  });
}

it('reads tests and notes in one pass, and no value of a secret', async () => {
  const files = { 'r/one.xml': REPORT, 'r/two.xml': REPORT, 'cover.md': '# 80 % with hunter22' };
  const stage = { reports: [{ kind: 'junit' as const, paths: ['r/*.xml'] }], notes: ['*.md'] };
  const { report, refusal } = await gather(files, stage, '## fine, hunter22');
  expect(refusal).toBeNull();
  expect(report.totals).toEqual({ passed: 2, failed: 2, errored: 0, skipped: 0 });
  // Broken ones first; a name that comes again is numbered.
  expect(report.tests.map(({ name, message }) => [name, message])).toEqual([
    ['b', 'no: ***'],
    ['b (2)', 'no: ***'],
    ['a', null],
    ['a (2)', null],
  ]);
  expect(report.notes).toEqual([
    { name: 'summary', text: '## fine, ***' },
    { name: 'cover.md', text: '# 80 % with ***' },
  ]);
});

it('a stage that passed without its report failed, and so did one whose report is none', async () => {
  const stage = { reports: [{ kind: 'junit' as const, paths: ['r/*.xml'] }] };
  expect((await gather({}, stage)).refusal).toMatchObject({ code: 'report-empty', values: { pattern: 'r/*.xml' } });
  const broken = await gather({ 'r/x.xml': `${REPORT.slice(0, 60)}` }, stage);
  expect(broken.refusal).toMatchObject({
    code: 'report-invalid',
    message: expect.stringContaining('report r/x.xml: line 1:'),
  });
  // What could be read before that is kept.
  expect(broken.report.totals).toMatchObject({ passed: 1 });
});

it('a long summary is cut, and says so', async () => {
  const { report } = await gather({}, {}, 'x'.repeat(70_000));
  expect(report.notes[0]?.text).toMatch(/^x{65536}\n\n\*\(cut after 64 KiB\)\*\n$/);
});
