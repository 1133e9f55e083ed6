import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = `pipeline "NAME" {
    description "Build and ship"
    image "busybox:1.37"
}

on "push" branches="main"
on "manual"

stage "test" { run "true" }
stage "build" needs="test" { run "true" }
`;

const VIEWS = [
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 1280 },
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 320 },
] as const;

describeWith(['chromium'], 'settings of a pipeline', () => {
  const ui = useUi();
  /** A pipeline of this try of the test. */
  const create = async (about: string) => {
    const name = fresh(about);
    const { body } = await ui().ann('POST', '/pipelines?workspace=acme/shop', {
      name,
      text: TEXT.replace('NAME', name),
      description: 'Build and ship',
    });
    return body;
  };
  const addVersion = async (name: string, from: string, to: string) => {
    const { body } = await ui().ann('GET', `/pipelines/${name}?workspace=acme/shop`);
    const text = body.text.replace(from, to);
    const headers = { 'If-Match': `"${body.seq}"` };
    const answer = await ui().ann('PUT', `/pipelines/${body.id}/text`, { text, message: `${from} to ${to}` }, headers);
    expect(answer.status).toBe(200);
  };
  const addCache = (id: string, key: string) => ui().api.database`
    INSERT INTO caches (id, workspace_id, pipeline_id, name, version, scope, key, files, bytes, reference, stage)
    SELECT ${createId()}, workspace_id, id, 'npm', 'v', 'branch:main', ${key}, 3, 18200, '{"key":"caches/run/entry"}'::json, 'test'
    FROM pipelines WHERE id = ${id}`;

  const setVariables = async (id: string, variables: Record<string, string>) => {
    const { body } = await ui().ann('GET', `/pipelines/${id}/variables`);
    const headers = { 'If-Match': `"${body.version}"` };
    expect((await ui().ann('PUT', `/pipelines/${id}/variables`, { variables }, headers)).status).toBe(200);
  };

  test.for([
    ['General', 'true to false'],
    ['Triggers', 'branches main'],
    ['Environment', ''],
    ['Caches', 'npm-5f0c'],
    ['Access', 'user:bo'],
  ] as const)('the page %s is accessible in both themes and fits every width', async ([name, shown]) => {
    const { id, name: pipeline } = await create(`set-${name.toLowerCase()}`);
    await addVersion(pipeline, 'true', 'false');
    await addCache(id, 'npm-5f0c');
    await setVariables(id, { REGION: 'eu' });
    const page = await ui().visit(`/acme/shop/pipelines/${pipeline}`, 'ann');
    await page.getByRole('button', { name: 'Settings' }).waitFor();
    await page.keyboard.press(',');
    await page.waitForURL('**/settings/general');
    const links = page.getByRole('navigation', { name: `Settings of ${pipeline}` });
    await links.getByRole('link', { name }).click();
    for (const { theme, width } of VIEWS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 800 });
      await (
        name === 'Environment' ? page.getByLabel('Variables, one a line') : page.getByText(shown).first()
      ).waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, `pipeline-settings-${name.toLowerCase()}`);
      const room = await page.evaluate(
        () => document.documentElement.clientWidth - document.documentElement.scrollWidth,
      );
      expect(room, `${name} at ${width}`).toBeGreaterThanOrEqual(0);
    }
  });

  test('a description is compared, saved by its key, kept as a draft, and both versions are shown when somebody was faster', async () => {
    const { id, name: told } = await create('told');
    const page = await ui().visit(`/acme/shop/pipelines/${told}/settings/general`, 'ann');
    const field = page.getByLabel('Description');
    await field.fill('Builds and ships');
    await page.getByRole('region', { name: 'What changes' }).getByText('Builds and ships').waitFor();
    // The draft survives going elsewhere.
    const links = page.getByRole('navigation', { name: `Settings of ${told}` });
    await links.getByRole('link', { name: 'Access' }).click();
    await page.getByText('Who may do what').waitFor();
    await links.getByRole('link', { name: 'General' }).click();
    expect(await field.inputValue()).toBe('Builds and ships');
    // Somebody is faster.
    const { body } = await ui().ann('GET', `/pipelines/${id}`);
    await ui().ann('PATCH', `/pipelines/${id}`, { description: 'Theirs' }, { 'If-Match': `"${body.seq}"` });
    // Whether the stream has told of it by now or the server refuses: both are shown.
    await field.press('Control+Enter');
    await page.getByText('Changed by ann meanwhile: another description').waitFor();
    await page.getByText('Theirs', { exact: true }).first().waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-settings-conflict');
    await page.getByRole('button', { name: 'Compare with it and go on' }).click();
    await page.getByRole('region', { name: 'What changes' }).getByText('Theirs').waitFor();
    await field.press('Control+Enter');
    await page.getByText(`${told} is saved`).waitFor();
    expect((await ui().ann('GET', `/pipelines/${id}`)).body.description).toBe('Builds and ships');
    ui().forgive(/412/);
  });

  test('variables are checked line by line, compared and saved, and reach the next run', async () => {
    const { id, name: varied } = await create('varied');
    await setVariables(id, { REGION: 'eu' });
    await ui().ann('POST', '/secrets?workspace=acme/shop', {
      ...{
        name: 'NPM_TOKEN',
        value: 'hidden',
        scope: { kind: 'pipeline', pipeline: varied },
      },
    });
    const page = await ui().visit(`/acme/shop/pipelines/${varied}/settings/env?key=REGION`, 'ann');
    const area = page.getByLabel('Variables, one a line');
    await area.waitFor();
    expect(await area.inputValue()).toBe('REGION=eu');
    await page.getByRole('link', { name: 'NPM_TOKEN' }).waitFor();
    await expect
      .poll(() => area.evaluate((node: HTMLTextAreaElement) => [node.selectionStart, node.selectionEnd]))
      .toEqual([0, 9]);
    await area.fill('REGION=us\n1B=x');
    await page.getByText('Line 2: "1B" is no name: letters, digits and _.').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled')).toBe('true');
    await expectAccessible(page);
    await area.fill('REGION=us\nGREETING=two words');
    // Somebody is faster.
    await setVariables(id, { REGION: 'asia' });
    await area.press('Control+Enter');
    await page.getByText('Changed by ann meanwhile: other variables').waitFor();
    await page.getByText('REGION=asia').first().waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-settings-env-conflict');
    await page.getByRole('button', { name: 'Compare with it and go on' }).click();
    await area.press('Control+Enter');
    await page.getByText('The variables are saved').waitFor();
    const { body: run } = await ui().bo('POST', `/pipelines/${id}/runs`, {});
    const [row] = await ui().api.database<{ envFile: unknown }[]>`SELECT env_file FROM runs WHERE id = ${run.id}`;
    expect(row?.envFile).toEqual({ REGION: 'us', GREETING: 'two words' });
    ui().forgive(/412/);
  });

  test('variables that are typed while others are saved stay, and those that somebody saved back refuse nothing', async () => {
    const { id, name: hurried } = await create('hurried');
    await setVariables(id, { REGION: 'eu' });
    const page = await ui().visit(`/acme/shop/pipelines/${hurried}/settings/env`, 'ann');
    const area = page.getByLabel('Variables, one a line');
    await area.fill('REGION=us');
    // Theirs is another version of the same text.
    await setVariables(id, { REGION: 'asia' });
    await setVariables(id, { REGION: 'eu' });
    await area.press('Control+Enter');
    await page
      .getByText(/user:ann changed it since it was read/i)
      .first()
      .waitFor();
    const answer = Promise.withResolvers<void>();
    await page.route(`**/api/v1/pipelines/${id}/variables`, async (route) => {
      if (route.request().method() === 'PUT') await answer.promise;
      await route.continue();
    });
    await area.press('Control+Enter');
    await area.fill('REGION=us\nMORE=typed');
    answer.resolve();
    await page.getByText('The variables are saved').waitFor();
    expect(await area.inputValue()).toBe('REGION=us\nMORE=typed');
    await area.press('Control+Enter');
    const read = async () => (await ui().ann('GET', `/pipelines/${id}/variables`)).body.variables;
    await expect.poll(read).toEqual({ REGION: 'us', MORE: 'typed' });
    ui().forgive(/412/);
  });

  test('two versions are compared, one is restored as the next, also when another was saved meanwhile', async () => {
    const { name: older } = await create('older');
    await addVersion(older, 'run "true"', 'run "false"');
    const page = await ui().visit(`/acme/shop/pipelines/${older}/settings/general`, 'ann');
    await page.getByRole('button', { name: 'What version 2 changed' }).click();
    await page.waitForURL('**?from=1&to=2');
    await page.getByRole('region', { name: 'From version 1 to 2' }).getByText('run "false"').waitFor();
    await page.getByRole('button', { name: 'Actions of version 1' }).click();
    await page.getByRole('menuitem', { name: 'Restore version 1' }).click();
    const dialog = page.getByRole('dialog', { name: `Restore version 1 of ${older}` });
    await dialog.getByText('What the next version changes against version 2:').waitFor();
    await dialog.getByRole('region', { name: 'What changes' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-settings-restore');
    await addVersion(older, 'busybox:1.37', 'busybox:1.36');
    await dialog.getByText('Version 3 was saved meanwhile; it changed this:').waitFor();
    await dialog.getByText('image "busybox:1.36"').first().waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-settings-restore-conflict');
    await dialog.getByRole('button', { name: 'Restore as version 4' }).click();
    await page.getByText(`${older} has version 4, the text of 1`).waitFor();
    await page.getByText('restores version 1').waitFor();
    const { body } = await ui().ann('GET', `/pipelines/${older}`);
    expect(body).toMatchObject({ version: 4, text: TEXT.replace('NAME', older) });
  });

  test('a pipeline is disabled, and deleted by its name, by keyboard alone', async () => {
    const { name: gone } = await create('gone');
    const page = await ui().visit(`/acme/shop/pipelines/${gone}/settings/general`, 'ann');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    const disable = page.getByRole('button', { name: 'Disable' });
    await disable.press('Enter');
    const question = page.getByRole('dialog', { name: 'Disable' });
    await question.waitFor();
    // Without a field it is the verb that Enter presses.
    expect(await question.getByRole('button', { name: 'Disable' }).evaluate((it) => it.matches(':focus'))).toBe(true);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await focused()).toBe('Disable');
    expect((await ui().ann('GET', `/pipelines/${gone}`)).body).toMatchObject({ enabled: true });
    await page.keyboard.press('Enter');
    await question.waitFor();
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Close');
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await question.waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('It starts no runs until it is enabled.').waitFor();
    const remove = page.getByRole('button', { name: 'Delete pipeline' });
    await remove.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Delete pipeline' });
    const name = dialog.getByRole('textbox');
    await expect.poll(() => name.evaluate((field) => field.matches(':focus'))).toBe(true);
    expect(await dialog.getByRole('button', { name: 'Delete pipeline' }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Enter');
    expect(await dialog.isVisible()).toBe(true);
    await page.keyboard.type(gone);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/acme/shop/pipelines');
    expect((await ui().ann('GET', `/pipelines/${gone}`)).status).toBe(404);
    // The page asked once more for what it had shown.
    ui().forgive(/404/);
  });

  test('a cache is deleted, then all, and where there is none the snippet stands', async () => {
    const { id, name: cached } = await create('cached');
    for (const key of ['npm-1', 'npm-2', 'npm-3']) await addCache(id, key);
    const page = await ui().visit(`/acme/shop/pipelines/${cached}/settings/caches`, 'ann');
    await page.getByRole('button', { name: 'Actions of npm-2' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('row', { name: /npm-2/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('row', { name: /npm-/ }).count()).toBe(2);
    await page.getByRole('button', { name: 'Delete all' }).click();
    await page.getByRole('dialog', { name: 'Delete all' }).getByRole('button', { name: 'Delete all' }).click();
    await page.getByText('No stage has kept anything yet').waitFor();
    await page.getByText('key "npm-{checksum package-lock.json}"').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'pipeline-settings-caches-none');
  });

  test('a trigger leads to its line, and a link to a trigger marks it', async () => {
    const { name: fired } = await create('fired');
    const page = await ui().visit(`/acme/shop/pipelines/${fired}/settings/triggers#trigger-2`, 'vic');
    await page.getByText('A person').waitFor();
    expect(await page.locator('#trigger-2').getAttribute('aria-current')).toBe('true');
    await page.getByRole('link', { name: `${fired}.kdl:7` }).click();
    await page.waitForURL(`**/pipelines/${fired}?tab=file#L7`);
    await page.getByText('on "manual"').waitFor();
  });

  test('who may not write sees all of it, with the reason', async () => {
    const { id, name: read } = await create('read');
    await addVersion(read, 'true', 'false');
    await addCache(id, 'npm-1');
    const page = await ui().visit(`/acme/shop/pipelines/${read}/settings/general`, 'vic');
    await page.getByText(/Nothing can be changed here: this needs the right pipeline:write/).waitFor();
    expect(await page.getByLabel('Description').getAttribute('readonly')).not.toBeNull();
    for (const name of ['Save', 'Disable', 'Delete pipeline'])
      expect(await page.getByRole('button', { name }).getAttribute('aria-disabled'), name).toBe('true');
    await page.getByRole('button', { name: 'What version 2 changed' }).click();
    await page.getByRole('region', { name: 'From version 1 to 2' }).waitFor();
    await page.goto(`${ui().origin}/acme/shop/pipelines/${read}/settings/caches`);
    await page.getByText('npm-1').waitFor();
    expect(await page.getByRole('button', { name: 'Delete all' }).getAttribute('aria-disabled')).toBe('true');
  });
});
