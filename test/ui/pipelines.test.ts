import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = `pipeline "NAME" {
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
  /** A pipeline of this try of the test; answers its name. */
  const create = async (about: string) => {
    const name = fresh(about);
    const text = TEXT.replace('NAME', name);
    expect((await ui().ann('POST', '/pipelines?workspace=acme/shop', { name, text })).status).toBe(201);
    return name;
  };
  const run = async (name: string, ending: 'passed' | 'failed', branch = 'main') => {
    const { body } = await ui().bo('POST', `/pipelines/${name}/runs`, { branch });
    await playBatch(ui().api, body, 1, { run: ended(ending), nodes: [node('test', ended(ending))] });
  };

  test('are listed with their bars, found by name, and each row opens its page', async () => {
    const shopApi = await create('shop-api');
    const shopWeb = await create('shop-web');
    for (const ending of ['passed', 'failed', 'passed'] as const) await run(shopApi, ending);
    await run(shopWeb, 'failed');
    const page = await ui().visit('/acme/shop/pipelines', 'ann');
    await page.getByRole('row', { name: shopApi }).waitFor();
    expect(
      await page.getByRole('slider', { name: `Last runs of ${shopApi}` }).getAttribute('aria-valuetext'),
    ).toContain('#3 Passed');
    await page.getByRole('slider', { name: `Last runs of ${shopApi}` }).press('ArrowLeft');
    expect(
      await page.getByRole('slider', { name: `Last runs of ${shopApi}` }).getAttribute('aria-valuetext'),
    ).toContain('#2 Failed');
    await expectAccessible(page);
    await takeScreenshot(page, 'pipelines');
    await page.getByLabel('Needs attention').check();
    await page.getByRole('row', { name: shopApi }).waitFor({ state: 'detached' });
    await page.getByLabel('Needs attention').uncheck();
    await page.getByRole('link', { name: shopApi }).click();
    await page.getByRole('heading', { name: shopApi }).waitFor();
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

  test('stand as their default branch does, whatever was run last', async () => {
    const name = await create('standing');
    await ui().api.database`
      UPDATE pipelines SET repository = 'git.example/acme/shop', default_branch = 'main' WHERE name = ${name}`;
    const page = await ui().visit(`/acme/shop/pipelines?q=${name}`, 'ann');
    const row = page.getByRole('row', { name });
    await row.getByText('never ran').nth(1).waitFor();
    await run(name, 'failed', 'next');
    await row.getByText('no run on').waitFor();
    await run(name, 'passed');
    await row.getByText('Passed', { exact: true }).waitFor();
    await run(name, 'failed', 'next');
    await row.getByRole('slider').and(page.locator('[aria-valuetext*="#3 Failed"]')).waitFor();
    await row.getByText('Passed', { exact: true }).waitFor();
    await row.getByText('main', { exact: true }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipelines-standing');
    await row.getByRole('link', { name, exact: true }).click();
    const head = page.getByRole('main').locator('header');
    await head.getByText('run 2 on main').waitFor();
    await head.getByText('last run 3 on next').waitFor();
    expect(await page.title()).toContain('✓');
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-standing');
    const open = (await ui().bo('POST', `/pipelines/${name}/runs`, { branch: 'main' })).body as { id: string };
    await head.getByText('run 4 on main').waitFor();
    await head.getByText(/last run/).waitFor({ state: 'detached' });
    await playBatch(ui().api, open, 1, { run: ended('failed') });
    await head.getByText('Failed', { exact: true }).waitFor();
  });

  test('a link to a line of the file brings it into view and marks it, also the next one on the same page', async () => {
    const stages = Array.from({ length: 60 }, (_, index) => `stage "s${index}" {\n  run "true"\n}`);
    const long = fresh('long');
    const text = [`pipeline "${long}" { image "busybox:1.37" }`, ...stages, ''].join('\n');
    const { status } = await ui().ann('POST', '/pipelines?workspace=acme/shop', { name: long, text });
    expect(status).toBe(201);
    const page = await ui().visit(`/acme/shop/pipelines/${long}?tab=file#L152`, 'bo');
    const line = (n: number) => page.locator(`#L${n}`);
    await line(152).waitFor();
    await expect.poll(() => line(152).getAttribute('aria-current')).toBe('location');
    expect((await line(152).boundingBox())?.y).toBeLessThan(800);
    expect(await line(152).innerText()).toContain('stage "s50"');
    await expectAccessible(page);
    await page.evaluate(() => (location.hash = '#L4'));
    await expect.poll(() => line(4).getAttribute('aria-current')).toBe('location');
    await expect.poll(async () => (await line(4).boundingBox())?.y ?? -1).toBeGreaterThan(0);
    expect(await page.locator('[id^=L][aria-current]').count()).toBe(1);
  });

  test('a trigger asks for the parameters, says what is wrong before it starts, and opens the run', async () => {
    const asks = await create('asks');
    const page = await ui().visit(`/acme/shop/pipelines/${asks}`, 'bo');
    await page
      .getByRole('button', { name: /Trigger/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: `Trigger ${asks}` });
    await dialog.getByText('2 stages.').waitFor();
    await dialog.getByLabel('version').fill('one');
    await dialog.getByText(/"one" is no value for the parameter "version"/).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'trigger');
    await dialog.getByLabel('version').fill('1.2');
    await dialog.getByText(`buildit trigger ${asks} --param version=1.2 --param channel=beta`).waitFor();
    await dialog.getByRole('button', { name: 'Trigger' }).click();
    await page.waitForURL(`**/pipelines/${asks}/runs/1`);
    // The browser's console tells of a refused dry run.
    ui().forgive(/422/);
  });

  test('a text is checked as it is typed, compared and saved as the next version', async () => {
    const edited = await create('edited');
    const page = await ui().visit(`/acme/shop/pipelines/${edited}/edit`, 'ann');
    const area = page.getByLabel(`Text of ${edited}`);
    const text = TEXT.replace('NAME', edited);
    await area.fill(text.replace('needs="test"', 'needs="tset"'));
    await page.getByRole('button', { name: /KDL012/ }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'editor');
    expect(await page.getByRole('button', { name: /Save/ }).getAttribute('aria-disabled')).toBe('true');
    await area.fill(`${text}stage "deploy" needs="build" { run "true" }\n`);
    await page.getByRole('button', { name: /Stage deploy/ }).click();
    const chosen = () => page.evaluate(() => String(document.getSelection()));
    await expect.poll(chosen).toBe('stage "deploy"');
    await page.getByText('0 errors, 0 warnings · not saved').waitFor();
    await area.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: `Save ${edited} as version 2` });
    await dialog.getByText('1 added').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'save');
    await dialog.getByRole('button', { name: 'Save version 2' }).click();
    await page.getByText(`${edited} has version 2`).waitFor();
    const { body } = await ui().ann('GET', `/pipelines/${edited}`);
    expect(body).toMatchObject({ version: 2, text: expect.stringContaining('"deploy"') });
  });

  test('a draft is of one pipeline, and is there when one comes back', async () => {
    const one = await create('first');
    const other = await create('second');
    const page = await ui().visit(`/acme/shop/pipelines/${one}/edit`, 'ann');
    const goTo = (name: string) =>
      page.evaluate((path) => history.pushState(null, '', path), `/acme/shop/pipelines/${name}/edit`);
    const first = page.getByLabel(`Text of ${one}`);
    const second = page.getByLabel(`Text of ${other}`);
    await first.waitFor();
    await goTo(other);
    await second.fill('a draft');
    await goTo(one);
    await first.waitFor();
    expect(await first.inputValue()).toContain(`pipeline "${one}"`);
    await goTo(other);
    await page.getByText('This is what you had typed and not saved.').waitFor();
    expect(await second.inputValue()).toBe('a draft');
    await page.getByRole('button', { name: 'Discard changes…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    expect(await second.inputValue()).toContain(`pipeline "${other}"`);
    await goTo(one);
    await first.waitFor();
    await goTo(other);
    await second.waitFor();
    expect(await second.inputValue()).toContain(`pipeline "${other}"`);
  });

  test('a trigger whose answer was lost starts one run, from a link that fills it in', async () => {
    const linked = await create('linked');
    const page = await ui().visit(`/acme/shop/pipelines/${linked}?trigger&param.version=3.4`, 'bo');
    const dialog = page.getByRole('dialog', { name: `Trigger ${linked}` });
    await dialog.getByText('2 stages.').waitFor();
    expect(await dialog.getByLabel('version').inputValue()).toBe('3.4');
    let lost = 0;
    await page.route(/\/pipelines\/[^/]+\/runs$/, async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await dialog.getByRole('button', { name: 'Trigger' }).click();
    await dialog.getByText('the server cannot be reached').waitFor();
    // Typed text is not lost by a click beside the dialog.
    await dialog.getByLabel('Branch').fill('x');
    await page.mouse.click(5, 5);
    await dialog.getByLabel('Branch').fill('');
    await dialog.getByRole('button', { name: 'Trigger' }).click();
    await page.waitForURL(`**/pipelines/${linked}/runs/1`);
    const { body } = await ui().ann('GET', `/runs?workspace=acme/shop&pipeline=${linked}`);
    expect(body).toMatchObject({ items: [{ number: 1 }] });
    ui().forgive(/ERR_FAILED/);
  });

  test('an act that ends late leaves the dialog alone that has been opened meanwhile', async () => {
    const late = await create('late');
    const page = await ui().visit(`/acme/shop/pipelines/${late}`, 'ann');
    const held = Promise.withResolvers<void>();
    await page.route(/\/pipelines\/[^/]+$/, async (route) => {
      if (route.request().method() === 'PATCH') await held.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: `Actions of ${late}` }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    const question = page.getByRole('dialog', { name: 'Disable' });
    await question.getByRole('button', { name: 'Disable' }).click();
    await question.getByRole('button', { name: 'Close' }).first().click();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: `Trigger ${late}` });
    await dialog.getByText('2 stages.').waitFor();
    held.resolve();
    await page.getByText(`${late} is disabled`, { exact: true }).waitFor();
    expect(await dialog.count()).toBe(1);
  });

  test('a name that is typed makes no entries of the history and blanks nothing', async () => {
    const typed = await create('typed');
    const page = await ui().visit('/acme/shop/pipelines', 'ann');
    await page.getByRole('link', { name: typed }).waitFor();
    const before = await page.evaluate(() => history.length);
    await page.getByLabel('Filter', { exact: true }).pressSequentially(typed, { delay: 200 });
    await page.waitForURL(`**/pipelines?q=${typed}`);
    expect(await page.evaluate(() => history.length)).toBe(before);
    expect(await page.getByRole('link', { name: typed }).count()).toBe(1);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zzzz');
    await page.getByText('Search the pipelines for “zzzz”').click();
    await page.waitForURL('**/pipelines?q=zzzz');
    expect(await page.getByLabel('Filter', { exact: true }).inputValue()).toBe('zzzz');
  });

  test('runs are filtered by what is typed, page by page, and two are compared', async () => {
    const many = await create('many');
    for (const ending of ['passed', 'failed', 'failed'] as const) await run(many, ending);
    const page = await ui().visit(`/acme/shop/runs?q=pipeline:${many}`, 'vic');
    await page.getByRole('link', { name: `${many} #1` }).waitFor();
    expect(await page.getByRole('link', { name: `${many} #` }).count()).toBe(3);
    await expectAccessible(page);
    await takeScreenshot(page, 'runs');
    await page.getByLabel('Filter', { exact: true }).fill(`pipeline:${many} status:failed`);
    await page.getByLabel('Filter', { exact: true }).press('Enter');
    await page.getByRole('link', { name: `${many} #1` }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: `${many} #3` }).waitFor();
    expect(await page.getByRole('link', { name: `${many} #` }).count()).toBe(2);
    // What fits comes by itself; what does not is not counted either.
    await run(many, 'passed');
    await run(many, 'failed');
    await page.getByRole('link', { name: `${many} #5` }).waitFor();
    expect(await page.getByRole('button', { name: /newer/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: `${many} #` }).count()).toBe(3);
    await page.getByLabel('Filter', { exact: true }).fill('colour:blue');
    await page.getByLabel('Filter', { exact: true }).press('Enter');
    await page.getByText(/nothing is called colour:/).waitFor();
    await page.getByRole('button', { name: 'Remove the filter colour:blue' }).click();
    await page.getByLabel(`Select ${many}#1`).check();
    await page.getByLabel(`Select ${many}#3`).check();
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.waitForURL(`**/pipelines/${many}/compare?base=1&head=3`);
  });

  test('are sorted by their heads, pinned ones first, and narrowed by the last run', async () => {
    const sort = fresh('sort');
    const [b, a, c] = [await create(`${sort}-b`), await create(`${sort}-a`), await create(`${sort}-c`)];
    await run(a, 'passed');
    await run(b, 'failed');
    const page = await ui().visit(`/acme/shop/pipelines?q=${sort}-`, 'ann');
    await page.getByRole('button', { name: `Actions of ${c}` }).click();
    await page.getByRole('menuitem', { name: 'Pin' }).click();
    const names = async () => (await page.locator('tbody td:first-child a').allTextContents()).join(' ');
    await page.getByRole('link', { name: a }).waitFor();
    expect(await names()).toBe(`${c} ${a} ${b}`);
    expect(await page.getByRole('row', { name: c }).getByLabel('Pinned').count()).toBe(1);
    await page.getByRole('columnheader', { name: 'Passed' }).getByRole('button').click();
    await page.waitForURL(`**/pipelines?q=${sort}-&sort=pass-rate`);
    await expect.poll(names).toBe(`${c} ${b} ${a}`);
    expect(await page.getByRole('columnheader', { name: 'Passed' }).getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('columnheader', { name: 'Passed' }).getByRole('button').click();
    await expect.poll(names).toBe(`${c} ${a} ${b}`);
    expect(await page.getByRole('columnheader', { name: 'Passed' }).getAttribute('aria-sort')).toBe('descending');
    await expectAccessible(page);
    await takeScreenshot(page, 'pipelines-sorted');
    for (const _ of [c, a]) await page.keyboard.press('j');
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: `Trigger ${a}` }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByLabel('Filter', { exact: true }).fill(`${sort}- !status:passed branch:main`);
    await page.getByLabel('Filter', { exact: true }).press('Enter');
    await expect.poll(names).toBe(b);
    await page.getByText('1 of 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove the filter branch:main' }).click();
    await expect.poll(names).toBe(`${c} ${b}`);
  });

  test('of which there is none yet, a sample is run from their list', async () => {
    const name = fresh('none');
    await ui().ann('POST', '/workspaces?organization=acme', { name });
    const page = await ui().visit(`/acme/${name}/pipelines`, 'ann');
    await page.getByText('No pipeline yet').waitFor();
    await page.getByText('buildit init').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipelines-none');
    await page.getByRole('button', { name: 'Run a sample' }).click();
    await page.waitForURL('**/pipelines/sample-hello/runs/1');
  });

  test('one whose file no longer compiles keeps its row and leads to its file', async () => {
    const outdated = await create('outdated');
    await ui().api.database`
      UPDATE pipeline_versions SET text = 'stage "a" needs="b" { run "true" }', digest = 'of another server'
      WHERE pipeline_id = (SELECT id FROM pipelines WHERE name = ${outdated})`;
    const page = await ui().visit(`/acme/shop/pipelines?q=${outdated}`, 'vic');
    await page.getByRole('link', { name: 'file invalid at version 1' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipelines-invalid');
    await page.getByRole('link', { name: 'file invalid at version 1' }).click();
    await page.waitForURL(`**/pipelines/${outdated}?tab=file`);
    await page.getByText('needs="b"').first().waitFor();
    // The last good graph is not there: the page says why.
    ui().forgive(/422/);
  });

  test('who may not write finds the reason, not a dead control', async () => {
    const locked = await create('locked');
    const page = await ui().visit(`/acme/shop/pipelines/${locked}`, 'vic');
    const edit = page.getByRole('button', { name: 'Edit' });
    await edit.waitFor();
    expect(await edit.getAttribute('aria-disabled')).toBe('true');
    await edit.focus();
    await page.getByRole('tooltip', { name: /this needs the right pipeline:write/ }).waitFor();
  });
});
