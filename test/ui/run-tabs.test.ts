import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { beforeAll, expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import type { TestCase } from '#core/test-report.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { writeStageLog } from './stage-log.ts';
import { useUi } from './use-ui.ts';

const NOTE = [
  '## Coverage **92 %**',
  '<img src=x onerror=alert(1)> and [a link](javascript:alert(2)) and [another](https://example.com/report)',
  '| file | lines |\n|---|---|\n| `cart.ts` | 88 % |',
  '- [x] built\n- [ ] shipped',
].join('\n\n');

const FILES: [name: string, text: string][] = [
  ['dist/index.html', '<script>alert(1)</script>'],
  ['dist/app.js', 'console.log(1)'],
];

const result = (name: string, change: Partial<TestCase> = {}): TestCase => ({
  ...{ suite: 'cart', name, outcome: 'passed', durationMs: 12, message: null, trace: null },
  ...{ file: 'src/cart.test.ts', line: 12, flaky: false, ...change },
});

describeWith(['chromium'], 'tabs of a run', () => {
  const ui = useUi();
  let run: RunObject;

  /** A run of one stage that ended with these results. */
  const play = async (tests: TestCase[]): Promise<RunObject> => {
    const { api, ann } = ui();
    const started: RunObject = (await ann('POST', '/pipelines/demo/runs?workspace=acme/shop', {})).body;
    const log = await writeStageLog(api, started, 'test');
    const tar = pack();
    for (const [name, text] of FILES) tar.entry({ name }, text);
    tar.finalize();
    const artifact = await api.context.stores.artifacts.save(
      { runId: started.id, stage: 'test', attempt: 1, name: 'site' },
      Readable.from(tar),
    );
    const totals = { passed: 0, failed: 0, errored: 0, skipped: 0 };
    for (const { outcome } of tests) totals[outcome] += 1;
    const report = { tests, totals, notes: [{ name: 'summary', text: NOTE }] };
    await log.end('failed', { report, artifacts: [artifact] });
    await playBatch(api, started, 5, { run: ended('failed'), nodes: [node('test', ended('failed'))] });
    return started;
  };

  beforeAll(async () => {
    const { api, ann } = ui();
    api.usePlan(createPlan([createStagePlan('test')]));
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'demo', text: 'stage "a" {\n  run "true"\n}\n' });
    await play([result('adds up'), result('rounds half up'), result('was broken', { outcome: 'failed' })]);
    run = await play([
      result('adds up', { durationMs: 3_000 }),
      result('rounds half up', {
        outcome: 'failed',
        message: 'expected 10.01, got 10.00',
        trace: 'at <b>cart.ts</b>:3',
      }),
      result('was broken'),
      result('is young'),
    ]);
  });

  test.each(['dark', 'light'] as const)(
    'artifacts show what is in them and are downloaded whole, %s',
    async (theme) => {
      const page = await ui().visit(`${run.url}?tab=artifacts`, 'bo', { theme });
      await page.getByRole('button', { name: 'Show the files of site' }).click();
      await page.getByRole('table', { name: 'Files in site' }).getByText('dist/index.html').waitFor();
      await page.getByText('2 files').waitFor();
      const href = await page.getByRole('link', { name: 'Download site' }).getAttribute('href');
      const authorization = { Authorization: `Bearer ${ui().people.bo.bearer}` };
      const read = (headers: Record<string, string> = {}) =>
        fetch(`${ui().origin}${href}`, { headers: { ...authorization, ...headers } });
      const answer = await read();
      expect(answer.headers.get('content-disposition')).toContain('attachment');
      const whole = Buffer.from(await answer.arrayBuffer());
      expect(whole.includes('console.log(1)')).toBe(true);
      const etag = answer.headers.get('etag') ?? '';
      const rest = await read({ Range: 'bytes=600-', 'If-Range': etag });
      const place = `bytes 600-${whole.length - 1}/${whole.length}`;
      expect([rest.status, rest.headers.get('content-range')]).toEqual([206, place]);
      expect(Buffer.from(await rest.arrayBuffer()).equals(whole.subarray(600))).toBe(true);
      expect((await read({ Range: 'bytes=600-', 'If-Range': '"other"' })).status).toBe(200);
      expect((await read({ Range: `bytes=${whole.length}-` })).status).toBe(416);
      const digest = createHash('sha256').update('console.log(1)').digest('hex').slice(0, 12);
      await page.getByText(digest).waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'run-artifacts');
    },
  );

  test.each(['dark', 'light'] as const)(
    'tests stand failing first, beside those of the run before, %s',
    async (theme) => {
      const page = await ui().visit(`${run.url}?tab=tests`, 'bo', { theme });
      const rows = page.getByRole('listitem').filter({ hasText: 'cart ›' });
      await rows.first().waitFor();
      expect(await rows.allInnerTexts()).toEqual([
        expect.stringMatching(/rounds half up[^]*newly failing/),
        expect.stringMatching(/adds up[^]*slower/),
        expect.stringMatching(/was broken[^]*fixed/),
        expect.stringMatching(/is young[^]*new/),
      ]);
      await rows.first().getByRole('button').click();
      await page.getByText('expected 10.01, got 10.00').waitFor();
      await page.getByText('at <b>cart.ts</b>:3').waitFor();
      await page.getByRole('list', { name: 'Last results' }).getByText('demo#2').waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'run-tests');
    },
  );

  test.each(['dark', 'light'] as const)('a note is Markdown without anything that acts, %s', async (theme) => {
    const page = await ui().visit(`${run.url}?tab=notes`, 'bo', { theme });
    const note = page.getByRole('article', { name: 'Note summary of test' });
    await note.getByText('Coverage 92 %').waitFor();
    await note.getByText('<img src=x onerror=alert(1)> and a link and another').waitFor();
    expect(await note.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
      'https://example.com/report',
    ]);
    expect(await note.locator('img, script').count()).toBe(0);
    await note.getByRole('cell', { name: '88 %' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'run-notes');
  });

  test('events of a run that goes on come below what there was, and only they are asked for', async () => {
    const { api, ann, visit } = ui();
    const open: RunObject = (await ann('POST', '/pipelines/demo/runs?workspace=acme/shop', {})).body;
    await playBatch(api, open, 3, { nodes: [node('test', running)] });
    const page = await visit(`${open.url}?tab=events`, 'bo');
    const rows = page.getByRole('table', { name: 'Events' }).locator('tbody tr');
    await rows.first().waitFor();
    const before = await rows.count();
    await page.evaluate(() => {
      const watch = () =>
        document.querySelector('table[aria-label=Events]') ?? document.body.setAttribute('data-blank', '');
      new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
    });
    const asked = page.waitForRequest(/\/events\?after=[1-9]/);
    await playBatch(api, open, 7, { nodes: [node('test', ended('failed'))] });
    await asked;
    await expect.poll(() => rows.count()).toBeGreaterThan(before);
    expect(await page.locator('body[data-blank]').count()).toBe(0);
  });
});
