import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import type { StagePlan } from '#core/plan.ts';
import { createGlobMatcher } from '../executor/globs.ts';
import type { Handle } from '../executor/port.ts';
import { gatherReport } from './gather-report.ts';

const HANDLE: Handle = { name: 'a', runId: 'r', startedAt: '', state: 'exited', image: null, created: false };
const REPORT =
  '<testsuite name="s"><testcase name="a"/><testcase name="b"><failure message="no: hunter22"/></testcase></testsuite>';

/** What an attempt that left these files reports. */
function gather(
  files: Record<string, string>,
  stage: Pick<StagePlan, 'reports' | 'notes'>,
  summary: string | null = null,
  links: Record<string, string> = {},
) {
  return gatherReport({
    executor: {
      async collect(_, wanted) {
        const tar = pack();
        const matches = createGlobMatcher('trees' in wanted ? [] : wanted);
        for (const [name, content] of Object.entries(files)) if (matches(name)) tar.entry({ name }, content);
        for (const [name, linkname] of Object.entries(links)) tar.entry({ name, type: 'link', linkname });
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

it('a path of any length and a second name of a file end no attempt', async () => {
  const long = `r/${'deep/'.repeat(60)}one.xml`;
  const stage = { reports: [{ kind: 'junit' as const, paths: ['r/**/*.xml', 'again/*.xml'] }] };
  const { report, refusal } = await gather({ [long]: REPORT, 'r/two.xml': REPORT }, stage, null, {
    'again/two.xml': 'r/two.xml',
  });
  expect([refusal, report.totals?.passed]).toEqual([null, 2]);
});

it('what is broken or larger than a note in the middle leaves the files behind it readable', async () => {
  const files = { 'r/a.xml': `<broken ${'x'.repeat(300_000)}`, 'big.md': 'y'.repeat(300_000), 'r/b.xml': REPORT };
  const stage = { reports: [{ kind: 'junit' as const, paths: ['r/*.xml'] }], notes: ['*.md'] };
  const { report, refusal } = await gather(files, stage);
  expect([refusal?.code, report.totals?.passed, report.notes.length]).toEqual(['report-invalid', 1, 1]);
});

it('a number that a tool gave itself is not given again', async () => {
  const names = ['a', 'a', 'a (2)', 'a', 'a (2)'];
  const stage = { reports: [{ kind: 'junit' as const, paths: ['*.xml'] }] };
  for (const order of [names, names.toReversed()]) {
    const cases = order.map((name) => `<testcase name="${name}"/>`).join('');
    const { report } = await gather({ 'a.xml': `<testsuite name="s">${cases}</testsuite>` }, stage);
    expect(new Set(report.tests.map(({ name }) => name)).size).toBe(report.tests.length);
  }
});

it('long names are cut', async () => {
  const stage = { reports: [{ kind: 'junit' as const, paths: ['*.xml'] }] };
  const name = 'n'.repeat(9_000);
  const text = `<testsuite name="s" file="${name}"><testcase name="${name}" classname="${name}"/></testsuite>`;
  const { report } = await gather({ 'a.xml': text }, stage);
  const [test] = report.tests;
  expect([test?.suite, test?.name, test?.file].map((one) => one?.length)).toEqual([1_024, 1_024, 1_024]);
});

it('a file called summary is a note beside the summary', async () => {
  const { report } = await gather({ summary: 'file' }, { notes: ['summary'] }, 'written');
  expect(report.notes).toEqual([
    { name: 'summary', text: 'written' },
    { name: 'summary (2)', text: 'file' },
  ]);
});
