import { expect, test } from 'vitest';
import type { Ending } from '#core/ending.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = `pipeline "NAME" {
    image "busybox:1.37"
    concurrency "live"
}

stage "test" { run "true" }
stage "build" needs="test" { run "true" }
`;

describeWith(['chromium'], 'the page of a pipeline', () => {
  const ui = useUi();
  /** A pipeline of this try of the test. */
  const create = async (about: string) => {
    const name = fresh(about);
    await ui().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT.replace('NAME', name) });
    return (await ui().ann('GET', `/pipelines/${name}`)).body;
  };
  /** A run of one commit whose stage `test` has taken so long. */
  const run = async (name: string, ending: Ending, tookMs: number) => {
    const { body } = await ui().bo('POST', `/pipelines/${name}/runs`, { branch: 'main', commit: 'abcdef0' });
    const { api } = ui();
    const end = new Date(Date.parse('2026-01-01T00:00:00Z') + tookMs).toISOString();
    await playBatch(api, body, 1, { run: ended(ending), nodes: [node('test', ended(ending))] });
    await api.database`
      INSERT INTO attempts (run_id, workspace_id, stage, attempt, status, started_at, ended_at, order_key)
      SELECT id, workspace_id, 'test', 1, ${api.database.json(ended(ending) as never)}, '2026-01-01T00:00:00Z', ${end}, 1
      FROM runs WHERE id = ${body.id}`;
    await api.database`
      UPDATE runs SET started_at = '2026-01-01T00:00:00Z', ended_at = ${end} WHERE id = ${body.id}`;
    await api.database`UPDATE stages SET attempt_count = 1 WHERE run_id = ${body.id} AND name = 'test'`;
    return body;
  };

  test('tells how it fares, which stage is flaky, and each stage’s p50 in the graph and beside it', async () => {
    const { name: fares } = await create('fares');
    for (const [ending, tookMs] of [
      ['passed', 60_000],
      ['failed', 20_000],
      ['passed', 90_000],
    ] as const)
      await run(fares, ending, tookMs);
    const page = await ui().visit(`/acme/shop/pipelines/${fares}`, 'ann');
    await page.getByText('p50 1m 00s').waitFor();
    await page.getByText('p95 1m 30s').waitFor();
    await page.getByText('test ×1').waitFor();
    await page.getByText(/run 3 on main/).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-head');
    await page.keyboard.press('v');
    await page.waitForURL('**?tab=graph');
    await page.getByRole('button', { name: /Stage test, passed, .*usually 1 minute 15 seconds/ }).waitFor();
    const row = page.getByRole('row', { name: /test nothing Passed 1m 30s 1m 15s/ });
    await row.getByRole('link', { name: 'test' }).waitFor();
    await page.getByRole('row', { name: /build test/ }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-graph-fares');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 320, height: 800 });
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-graph-fares');
    const room = await page.evaluate(() => document.documentElement.clientWidth - document.documentElement.scrollWidth);
    expect(room).toBeGreaterThanOrEqual(0);
    await page.getByRole('link', { name: 'test', exact: true }).click();
    await page.waitForURL(`**/pipelines/${fares}/runs/3/stages/test`);
  });

  test('while its text has errors the last graph stays, greyed, with the reason', async () => {
    const { id, name: broken } = await create('broken');
    await run(broken, 'passed', 1_000);
    // As after an upgrade whose compiler knows better.
    await ui().api.database`UPDATE pipeline_versions SET text = 'stage "a" needs="b"' WHERE pipeline_id = ${id}`;
    const page = await ui().visit(`/acme/shop/pipelines/${broken}?tab=graph`, 'ann');
    await page.getByText(/has errors: this is the graph of run 1/).waitFor();
    await page.getByRole('button', { name: /Stage build/ }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-graph-broken');
    ui().forgive(/422/);
  });

  test('says who has a place of its groups and who waits, and a place is freed with a reason', async () => {
    const { id, name: held } = await create('held');
    const open: { id: string; label: string }[] = [];
    for (const _ of [1, 2]) {
      const { body } = await ui().bo('POST', `/pipelines/${held}/runs`, { branch: 'main' });
      await playBatch(ui().api, body, 1, { run: running });
      open.push(body);
    }
    const member = (index: number) => ({
      ...{ id: `place-${index}`, runId: open[index]?.id ?? '', label: open[index]?.label ?? '', stage: null },
      ...{ since: new Date().toISOString(), commit: null },
    });
    ui().api.workflows.groups.set('live', {
      ...{ group: 'live', limit: 1, newest: [] },
      ...{ holders: [member(0)], waiters: [member(1)] },
    });
    const viewer = await ui().visit(`/acme/shop/pipelines/${held}`, 'vic');
    const locked = viewer.getByRole('button', { name: 'Release' });
    await locked.waitFor();
    expect(await locked.getAttribute('aria-disabled')).toBe('true');
    const page = await ui().visit(`/acme/shop/pipelines/${held}`, 'bo');
    const group = page.getByRole('region', { name: 'live' });
    await group.getByText('1 of 1 place taken, 1 waiting').waitFor();
    await group.getByText('queue 1').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-groups');
    await group.getByRole('button', { name: 'Release' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release a place of live' });
    expect(await dialog.getByRole('button', { name: 'Release' }).getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel('Reason').fill('its machine is gone');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Release' }).click();
    await page.getByText(/^The place of .* is free$/).waitFor();
    const [event] = await ui().api.database<{ detail: unknown }[]>`
      SELECT detail FROM audit_events WHERE action = 'group.release' AND object_id = ${id}`;
    expect(event?.detail).toEqual({ group: 'live', place: 'place-0', reason: 'its machine is gone' });
  });

  test('a trigger knows the branches, is filled as an earlier run, and says what is left out and what is wrong', async () => {
    const asked = fresh('asked');
    const text = `pipeline "${asked}" {
    image "busybox:1.37"
    param "version" default="1.0" match="^[0-9.]+$"
}
stage "test" { run "true" }
stage "ship" needs="test" { when "git.branch == 'main'"; run "true" }
`;
    await ui().ann('POST', '/pipelines?workspace=acme/shop', { name: asked, text });
    for (const [branch, version] of [
      ['main', '1.2'],
      ['feature/x', '3.4'],
    ])
      await ui().bo('POST', `/pipelines/${asked}/runs`, { branch, params: { version } });
    const page = await ui().visit(`/acme/shop/pipelines/${asked}?trigger`, 'bo');
    const dialog = page.getByRole('dialog', { name: `Trigger ${asked}` });
    await dialog.getByText(/git.branch has no value/).waitFor();
    await dialog.getByLabel('As in').selectOption('#2');
    expect(await dialog.getByLabel('version').inputValue()).toBe('3.4');
    const branch = dialog.getByRole('combobox', { name: 'Branch' });
    expect(await branch.inputValue()).toBe('feature/x');
    const left = dialog.getByRole('region', { name: 'Left out' });
    await left.getByText('git.branch = feature/x').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'trigger-filled');
    await branch.fill('ma');
    await dialog.getByRole('option', { name: /^main run 1/ }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'trigger-branches');
    await branch.press('ArrowDown');
    await branch.press('Enter');
    expect(await branch.inputValue()).toBe('main');
    await left.waitFor({ state: 'detached' });
    await dialog.getByText(`buildit trigger ${asked} --branch main --param version=3.4`).waitFor();
    await branch.fill('no..branch');
    await dialog.getByText(/is no name of a branch/).waitFor();
    expect(await branch.getAttribute('aria-invalid')).toBe('true');
    await branch.fill('main');
    await branch.press('Escape');
    await dialog.getByLabel('version').fill('none');
    await dialog.getByLabel('version').press('Enter');
    await dialog
      .getByText(/"none" is no value for the parameter "version"/)
      .first()
      .waitFor();
    expect(await dialog.getByLabel('version').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('version').fill('5');
    await dialog.getByText('2 stages.').waitFor();
    await dialog.getByLabel('version').press('Enter');
    await page.waitForURL(`**/pipelines/${asked}/runs/3`);
    ui().forgive(/422|400/);
  });
});
