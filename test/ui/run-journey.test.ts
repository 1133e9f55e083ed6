import { createServer } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { askAs, type Ask } from '#test/env/ask.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { addPerson, type TestPerson } from '#test/env/people.ts';
import { buildWeb } from '#test/env/web.ts';
import { openServers, type ServerProcess, type Servers } from '../product/servers.ts';
import { useBrowser } from './browser.ts';
import { takeScreenshot } from './screenshot.ts';

const SOON = { timeout: 40_000, interval: 100 };

const RELEASE = `
stage "build" { executor "process"; run "echo compiled" }
gate "ship" needs="build" { approve from="user:bo"; no-self; field "version" type="string" required=#true }
stage "deploy" { executor "process"; needs "ship"; run "echo deployed" }
`;
const LINES = 120;
const LONG = `
stage "count" { executor "process"; run "i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); echo number $i; sleep 0.1; done" }
stage "after" { executor "process"; needs "count"; run "true" }
`;

/** Real processes, a real browser: nothing between a click and a stage is steered. */
describeWith(['temporal', 'chromium'], 'a run, from its trigger to its end', () => {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  const browser = useBrowser();
  let servers: Servers;
  let api: ServerProcess;
  let port = 0;
  let people: Record<'ann' | 'bo', TestPerson>;
  let ann: Ask;

  const startApi = async () => {
    api = servers.start('--only', 'api', '--port', String(port));
    await api.url();
  };
  const isGone = () => api.process.exitCode !== null || api.process.signalCode !== null;
  const visit = (path: string, as: TestPerson) => browser().visit(`http://127.0.0.1:${port}${path}`, { as });
  /** A pipeline of this try of the test; answers its name. */
  const create = async (about: string, text: string) => {
    const name = fresh(about);
    expect(await ann('POST', '/pipelines?workspace=main/main', { name, text })).toMatchObject({ status: 201 });
    return name;
  };
  const trigger = async (name: string): Promise<string> => (await ann('POST', `/pipelines/${name}/runs`, {})).body.url;

  beforeAll(async () => {
    await buildWeb();
    servers = await openServers();
    port = await findFreePort();
    await startApi();
    servers.start('--only', 'worker');
    const [main] = await servers.database<{ id: string }[]>`SELECT id FROM organizations WHERE name = 'main'`;
    const add = (name: string) => addPerson(servers.database, name, { organizationId: main?.id ?? '', role: 'admin' });
    people = { ann: await add('ann'), bo: await add('bo') };
    ann = askAs({ host: '127.0.0.1', port }, people.ann);
  });
  afterAll(async () => {
    await servers.dispose();
  });

  test('one starts it, another approves, both see it pass', async () => {
    const release = await create('release', RELEASE);
    const url = await trigger(release);
    const [mine, theirs] = [await visit(url, people.ann), await visit(url, people.bo)];
    for (const page of [mine, theirs]) await row(page, 'ship').getByText('waits for a decision').waitFor();
    // Who started it may not; the button says so.
    const approve = mine.getByRole('button', { name: /^Approve/ });
    expect(await approve.getAttribute('aria-disabled')).toBe('true');
    await mine.getByText('You cannot decide: you started this run; the gate forbids it').waitFor();

    await theirs.getByRole('button', { name: /^Approve/ }).click();
    const dialog = theirs.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByText('Has to be filled in').waitFor();
    await dialog.getByLabel('version').fill('1.4.2');
    await takeScreenshot(theirs, 'run-approve');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    for (const page of [mine, theirs]) {
      await row(page, 'deploy').getByText('passed').waitFor();
      await expect.poll(() => page.title(), SOON).toBe(`✓ #1 · ${release} · BuildIt`);
    }
    await mine.getByRole('link', { name: 'Approvals' }).click();
    await mine.getByRole('list', { name: 'Decisions' }).getByText('bo').waitFor();
  });

  test('the server is killed while it runs: no line is missing, none comes twice, and the page is live again', async () => {
    const page = await visit(await trigger(await create('long', LONG)), people.ann);
    await expect.poll(() => countLines(page), SOON).toBeGreaterThan(10);
    // Whatever comes of it, the next try finds a server.
    onTestFinished(() => (isGone() ? startApi() : undefined));
    await api.kill();
    await page.getByText('Reconnecting').waitFor();
    await startApi();
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 40_000 });
    await row(page, 'count').getByText('passed').waitFor({ timeout: 60_000 });
    await row(page, 'after').getByText('passed').waitFor({ timeout: 60_000 });
    await row(page, 'count').click();
    const expected = Array.from({ length: LINES }, (_, index) => `number ${index + 1}`);
    await expect.poll(() => readLog(page), SOON).toEqual(expected);
    // While there was no server the requests had no answer.
    browser().forgive(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
  });
});

/** Row of the stage list. */
function row(page: Page, name: string) {
  return page.locator(`[data-tree-row="${name}"]`);
}

/** How many lines the toolbar of the log says there are. */
async function countLines(page: Page): Promise<number> {
  const text = await page.locator('body').innerText();
  return Number(/^([\d,]+) lines?$/m.exec(text)?.[1]?.replace(',', '') ?? 0);
}

/** Lines of the log from the first on, as one reads them who scrolls through it. */
async function readLog(page: Page): Promise<string[]> {
  return page.locator('.log-host').evaluate(async (host) => {
    const lines = new Map<number, string>();
    const scroller =
      [host, ...host.querySelectorAll('*')].find((one) => one.scrollHeight > one.clientHeight + 1) ?? host;
    const unfold = host.querySelector<HTMLElement>('[aria-expanded="false"]');
    unfold?.click();
    for (let top = 0; top <= scroller.scrollHeight; top += 200) {
      scroller.scrollTop = top;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
      for (const one of host.querySelectorAll<HTMLElement>('.log-row[data-key^="L"]')) {
        const number = one.querySelector('.log-number')?.textContent ?? '';
        const text = (one.textContent ?? '').slice(number.length);
        if (text !== '') lines.set(Number(one.dataset['key']?.slice(1)), text);
      }
    }
    return [...lines].toSorted(([left], [right]) => left - right).map(([, text]) => text);
  });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
