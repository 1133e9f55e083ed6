import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { keepRunner } from '#db/queries/runners.ts';
import { askAs } from '#test/env/ask.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { addPerson, type TestPerson } from '#test/env/people.ts';
import { node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const VIEWS = [
  { theme: 'light', width: 1280 },
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 1280 },
] as const;

/** Of what follows a page's first requests. */
const SOON = { timeout: 10_000 };

describeWith(['chromium'], 'admin', () => {
  const ui = useUi();
  let operator: TestPerson;
  beforeAll(async () => {
    const { api, acme, ann } = ui();
    operator = await addPerson(api.database, 'op', { organizationId: acme.id, role: 'owner', isOperator: true });
    const text = 'pipeline "works"\nstage "work" { image "busybox:1.37"; run "true" }\n';
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'works', text });
  });

  const forgetRunners = async () => void (await ui().api.database`DELETE FROM runners`);

  test('a link names a check, machines say what they do, and it fits both widths in both themes', async () => {
    const { database } = ui().api;
    onTestFinished(forgetRunners);
    await keepRunner(database, {
      ...{ hostId: 'big', queue: 'buildit-host-big', labels: ['amd64', 'gpu', 'linux'], leaseMs: 600_000 },
      ...{ version: '1.2.3', maxStages: 8, processExecutor: false },
    });
    await keepRunner(database, { hostId: 'lost', queue: 'buildit-host-lost', labels: ['linux'], leaseMs: -1 });
    const page = await ui().visitAs('/admin#hosts', operator);
    const row = page.getByRole('row', { name: /silent: lost/ });
    await row.waitFor();
    await expect.poll(() => row.getAttribute('aria-selected'), SOON).toBe('true');
    await expect.poll(() => row.evaluate((element) => element === document.activeElement), SOON).toBe(true);
    await row.getByText(/lost was heard of last/).waitFor();
    await page.getByRole('row', { name: /Temporal queue buildit-control empty, 1 worker asks/ }).waitFor();
    await page.getByRole('row', { name: /Store of logs.* written, read and deleted in \d+ ms/ }).waitFor();
    await page.getByRole('row', { name: /amd64, gpu, linux 0 of 8 containers alone 1\.2\.3/ }).waitFor();
    for (const { theme, width } of VIEWS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 800 });
      await page.getByText('Settings of the server').waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'admin');
      const [content, room] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content).toBeLessThanOrEqual(room ?? 0);
    }
  });

  test('maintenance is begun with a reason, keeps runs from starting, and is ended', async () => {
    // Also when it was not ended: the next try begins it.
    onTestFinished(async () => void (await askAs(ui().port, operator)('PUT', '/system/maintenance', { on: false })));
    const page = await ui().visitAs('/admin#maintenance-switch', operator);
    await page.getByRole('button', { name: 'Begin maintenance' }).click();
    const dialog = page.getByRole('dialog', { name: 'Begin maintenance' });
    await dialog.getByLabel('Reason').fill('a new disk');
    await expectAccessible(page);
    await takeScreenshot(page, 'admin-maintenance-begin');
    await dialog.getByRole('button', { name: 'Begin maintenance' }).click();
    await page.getByText(/No run starts since .* by op: a new disk/).waitFor();
    expect(await ui().bo('POST', '/pipelines/works/runs?workspace=acme/shop', {})).toMatchObject({ status: 503 });
    // The health tells it too, by itself.
    await page.getByRole('row', { name: /Look at it Maintenance since/ }).waitFor({ timeout: 10_000 });
    await expectAccessible(page);
    await takeScreenshot(page, 'admin-maintenance');
    await page.getByRole('button', { name: 'End maintenance' }).click();
    await page.getByRole('button', { name: 'Begin maintenance' }).waitFor();
    expect(await ui().bo('POST', '/pipelines/works/runs?workspace=acme/shop', {})).toMatchObject({ status: 201 });
  });

  test('in an incident the runs of a workspace are paused together, and go on together', async () => {
    const { api, bo } = ui();
    api.workflows.answer(() => ({ kind: 'accepted' }));
    const { body } = await bo('POST', '/pipelines/works/runs?workspace=acme/shop', {});
    await expect.poll(() => api.workflows.started.some(({ runId }) => runId === body.id)).toBe(true);
    await api.database`UPDATE runs SET status_kind = 'ended' WHERE id <> ${body.id}`;
    await playBatch(api, body, 1, { nodes: [node('work', running)], run: running });
    const page = await ui().visitAs('/admin', operator);
    await page.getByRole('link', { name: 'acme/shop' }).last().click();
    await page.waitForURL('**/acme/shop/settings#incident');
    await page.getByRole('button', { name: 'Pause 1 run' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause all runs of acme/shop' });
    await dialog.getByLabel('Reason').fill('the registry is down');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Pause 1 run' }).click();
    await page.getByText(/1 run paused together .* by op: the registry is down/).waitFor();
    await page.getByRole('link', { name: body.label }).waitFor();
    await api.database`UPDATE runs SET status_kind = 'paused' WHERE id = ${body.id}`;
    await expectAccessible(page);
    await takeScreenshot(page, 'settings-incident');
    await page.getByRole('button', { name: 'Resume 1 run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume 1 run' }).click();
    await page.getByText('Pauses every open run of the workspace').waitFor();
    const kinds = api.workflows.updates.flatMap(({ runId, update }) =>
      runId === body.id && update.name === 'changeRun' ? [update.args[0].kind] : [],
    );
    expect(kinds).toEqual(['pause', 'resume']);
  });

  test('what a link names takes the focus once, whatever comes later', async () => {
    const { database } = ui().api;
    onTestFinished(forgetRunners);
    const lost = { hostId: 'gone', queue: 'buildit-host-gone', labels: ['linux'], leaseMs: -1 };
    await keepRunner(database, { ...lost, version: '1.2.3', maxStages: 8, processExecutor: false });
    const page = await ui().visitAs('/acme/shop', operator);
    const later = Promise.withResolvers<void>();
    await page.route('**/api/v1/settings*', async (route) => {
      await later.promise;
      await route.continue();
    });
    await page.goto(`${ui().origin}/admin#hosts`);
    const row = page.getByRole('row', { name: /silent: gone/ });
    await expect.poll(() => row.evaluate((element) => element === document.activeElement), SOON).toBe(true);
    const begin = page.getByRole('button', { name: 'Begin maintenance' });
    await begin.focus();
    later.resolve();
    await page.getByRole('row', { name: /^BUILDIT_LABELS/ }).waitFor();
    expect(await begin.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('who is no operator is told so, and sees no switch', async () => {
    const page = await ui().visit('/admin', 'ann');
    await page.getByText('This is for operators of the installation').waitFor();
    expect(await page.getByRole('button', { name: 'Begin maintenance' }).count()).toBe(0);
  });
});
