import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = `pipeline "shop-api" {
    description "Build, test and ship"
    image "busybox:1.37"
    param "version" default="1.0" match="^[0-9.]+$" description="What is built."
    param "channel" type="enum" default="beta" { values "beta" "stable" }
}
stage "test" { run "echo \${params.version}" }
stage "build" needs="test" { run "true" }
`;

describeWith(['chromium'], 'pipelines', () => {
  const ui = useUi();
  const create = async (name: string) => {
    const { status } = await ui().ann('POST', '/pipelines?workspace=acme/shop', {
      name,
      text: TEXT.replace('shop-api', name),
    });
    // A second try of the test finds it there.
    expect([201, 409]).toContain(status);
  };
  const run = async (name: string, ending: 'passed' | 'failed') => {
    const { body } = await ui().bo('POST', `/pipelines/${name}/runs`, { branch: 'main' });
    await playBatch(ui().api, body, 1, { run: ended(ending), nodes: [node('test', ended(ending))] });
  };

  test('are listed with their bars, found by name, and each row opens its page', async () => {
    await create('shop-api');
    await create('shop-web');
    for (const ending of ['passed', 'failed', 'passed'] as const) await run('shop-api', ending);
    await run('shop-web', 'failed');
    const page = await ui().visit('/acme/shop/pipelines', 'ann');
    await page.getByRole('row', { name: /shop-api/ }).waitFor();
    expect(await page.getByRole('slider', { name: 'Last runs of shop-api' }).getAttribute('aria-valuetext')).toContain(
      '#3 Passed',
    );
    await page.getByRole('slider', { name: 'Last runs of shop-api' }).press('ArrowLeft');
    expect(await page.getByRole('slider', { name: 'Last runs of shop-api' }).getAttribute('aria-valuetext')).toContain(
      '#2 Failed',
    );
    await expectAccessible(page);
    await takeScreenshot(page, 'pipelines');
    await page.getByLabel('Needs attention').check();
    await page.getByRole('row', { name: /shop-api/ }).waitFor({ state: 'detached' });
    await page.getByLabel('Needs attention').uncheck();
    await page.getByRole('link', { name: 'shop-api' }).click();
    await page.getByRole('heading', { name: 'shop-api' }).waitFor();
    await page.getByRole('link', { name: '#3' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline');
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.getByRole('button', { name: /Stage build/ }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-graph');
    await page.getByRole('tab', { name: 'File' }).click();
    await page.getByText('stage "build" needs="test"').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-file');
  });

  test('a trigger asks for the parameters, says what is wrong before it starts, and opens the run', async () => {
    await create('asks');
    const page = await ui().visit('/acme/shop/pipelines/asks', 'bo');
    await page
      .getByRole('button', { name: /Trigger/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Trigger asks' });
    await dialog.getByText('2 stages.').waitFor();
    await dialog.getByLabel('version').fill('one');
    await dialog.getByText(/"one" is no value for the parameter "version"/).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'trigger');
    await dialog.getByLabel('version').fill('1.2');
    await dialog.getByText('buildit trigger asks --param version=1.2 --param channel=beta').waitFor();
    await dialog.getByRole('button', { name: 'Trigger' }).click();
    await page.waitForURL('**/pipelines/asks/runs/1');
    // The browser's console tells of a refused dry run.
    ui().forgive(/422/);
  });

  test('a text is checked as it is typed, compared and saved as the next version', async () => {
    await create('edited');
    const page = await ui().visit('/acme/shop/pipelines/edited/edit', 'ann');
    const area = page.getByLabel('Text of edited');
    const text = TEXT.replace('shop-api', 'edited');
    await area.fill(text.replace('needs="test"', 'needs="tset"'));
    await page.getByRole('button', { name: /KDL012/ }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'editor');
    expect(await page.getByRole('button', { name: /Save/ }).getAttribute('aria-disabled')).toBe('true');
    await area.fill(`${text}stage "deploy" needs="build" { run "true" }\n`);
    await page.getByRole('button', { name: /Stage deploy/ }).waitFor();
    await page.getByText('0 errors, 0 warnings · not saved').waitFor();
    await area.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: 'Save edited as version 2' });
    await dialog.getByText('1 added').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'save');
    await dialog.getByRole('button', { name: 'Save version 2' }).click();
    await page.getByText('edited has version 2').waitFor();
    const { body } = await ui().ann('GET', '/pipelines/edited');
    expect(body).toMatchObject({ version: 2, text: expect.stringContaining('"deploy"') });
  });

  test('runs are filtered by what is typed, page by page, and two are compared', async () => {
    await create('many');
    for (const ending of ['passed', 'failed', 'failed'] as const) await run('many', ending);
    const page = await ui().visit('/acme/shop/runs?q=pipeline:many', 'vic');
    await page.getByRole('link', { name: /many #1/ }).waitFor();
    expect(await page.getByRole('link', { name: /many #/ }).count()).toBe(3);
    await expectAccessible(page);
    await takeScreenshot(page, 'runs');
    await page.getByLabel('Filter', { exact: true }).fill('pipeline:many status:failed');
    await page.getByLabel('Filter', { exact: true }).press('Enter');
    await page.getByRole('link', { name: /many #1/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: /many #/ }).count()).toBe(2);
    await page.getByLabel('Filter', { exact: true }).fill('colour:blue');
    await page.getByLabel('Filter', { exact: true }).press('Enter');
    await page.getByText(/nothing is called colour:/).waitFor();
    await page.getByRole('button', { name: 'Remove the filter colour:blue' }).click();
    await page.getByLabel('Select many#1').check();
    await page.getByLabel('Select many#3').check();
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.waitForURL('**/pipelines/many/compare?base=1&head=3');
  });

  test('who may not write finds the reason, not a dead control', async () => {
    await create('locked');
    const page = await ui().visit('/acme/shop/pipelines/locked', 'vic');
    const edit = page.getByRole('button', { name: 'Edit' });
    await edit.waitFor();
    expect(await edit.getAttribute('aria-disabled')).toBe('true');
    await edit.focus();
    await page.getByRole('tooltip', { name: /this needs the right pipeline:write/ }).waitFor();
  });
});
