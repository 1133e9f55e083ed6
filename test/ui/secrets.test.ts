import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const VALUE = 'hunter22-and-more';

/** Holds a page as it stands in every theme and at both widths. */
async function showWell(page: Page, name: string): Promise<void> {
  for (const { theme, width } of [
    { theme: 'light', width: 1280 },
    { theme: 'light', width: 390 },
    { theme: 'dark', width: 1280 },
  ] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 800 });
    await expectAccessible(page);
    await takeScreenshot(page, name);
  }
}

describeWith(['chromium'], 'secrets and audit', () => {
  const ui = useUi();

  test('a secret is set, shown without its value, disabled and deleted by its name', async () => {
    const name = fresh('NPM');
    const page = await ui().visit('/acme/shop/secrets', 'ann');
    const answers: string[] = [];
    page.on(
      'response',
      (answer) =>
        void answer.text().then(
          (text) => answers.push(text),
          () => {},
        ),
    );
    await page.getByRole('button', { name: 'New secret' }).click();
    const dialog = page.getByRole('dialog', { name: 'New secret' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Value').fill('short');
    await dialog.getByText('so short a value cannot be masked').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'secret-new');
    await dialog.getByLabel('Value').fill(VALUE);
    await dialog.getByRole('button', { name: 'Set secret' }).click();
    const row = page.getByRole('row', { name });
    await row.waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'secrets');
    await row.getByRole('button', { name: `Actions of ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await row.getByText('Disabled').waitFor();
    await row.getByRole('button', { name: `Actions of ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    expect(answers.join('\n')).not.toContain(VALUE);
    expect(page.url()).not.toContain(VALUE);
  });

  test('its page tells versions, who gets it and who got it; an earlier value comes back', async () => {
    const { ann, bo, api } = ui();
    const shop = '?workspace=acme/shop';
    const name = `${fresh('registry')}/KEY`;
    const made = await ann('POST', `/secrets${shop}`, { name, value: 'first of all' });
    await ann('PUT', `/secrets/${made.body.id}`, { value: 'second of all' }, { 'If-Match': '"1"' });
    const ships = fresh('ships');
    const text = `pipeline "${ships}"\nstage "ship" { image "busybox:1.37"; secret "${name}" as="KEY"; run "true" }\n`;
    await ann('POST', `/pipelines${shop}`, { name: ships, text });
    const run = await bo('POST', `/pipelines/${ships}/runs${shop}`, {});
    const asked = { runId: run.body.id, stage: 'ship', attempt: 1, environment: null, names: [name] };
    await api.context.secretStore.release(asked);
    const page = await ui().visit('/acme/shop/secrets', 'ann');
    await page.getByRole('link', { name }).click();
    const versions = page.getByRole('table', { name: 'versions' });
    await versions.getByText('stages get this one').waitFor();
    await showWell(page, 'secret');
    await versions.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Version 3 gets the value of version 1').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await versions.getByRole('row', { name: /^3 stages get this one/ }).waitFor();

    await page.getByRole('tab', { name: 'Who gets it' }).click();
    await page.getByRole('row', { name: new RegExp(`acme/shop/${ships}.* ship`) }).waitFor();
    await showWell(page, 'secret-receivers');

    await ann('PATCH', `/secrets/${made.body.id}`, { enabled: false }, { 'If-Match': '"3"' });
    await api.context.secretStore.release(asked);
    await page.goto(`${ui().origin}/acme/shop/secrets/${encodeURIComponent(name)}?tab=access`);
    await page.getByText('refused: secret-disabled').waitFor();
    await showWell(page, 'secret-access');
    await page
      .getByRole('row', { name: /released/ })
      .getByRole('link', { name: run.body.label })
      .click();
    await page.waitForURL(`**/pipelines/${ships}/runs/1**`);
    await page.goBack();
    await page.getByRole('button', { name: `Actions of ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/acme/shop/secrets');
  });

  test('a value comes from a file or is made, and what is no text is refused', async () => {
    const page = await ui().visit('/acme/shop/secrets', 'ann');
    await page.getByRole('button', { name: 'New secret' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New secret' });
    const value = dialog.getByLabel('Value', { exact: true });
    await dialog.getByRole('button', { name: 'Generate' }).click();
    expect(await value.inputValue()).toMatch(/^[\w-]{43}$/);
    const file = dialog.locator('input[type=file]');
    await file.setInputFiles({ name: 'key.pem', mimeType: 'text/plain', buffer: Buffer.from('line one\nline two\n') });
    await expect.poll(() => value.inputValue()).toBe('line one\nline two\n');
    await file.setInputFiles({ name: 'key.der', mimeType: 'application/x', buffer: Buffer.from([0x30, 0xff, 0xfe]) });
    await dialog.getByText('key.der is no text').waitFor();
    expect(await value.inputValue()).toBe('line one\nline two\n');
    await expectAccessible(page);
    // Nothing that was typed stays in the browser.
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain('line one');
  });

  test('a secret that nobody has needed for 90 days is marked, and one that is older than its rule', async () => {
    const { ann, api } = ui();
    const name = fresh('FORGOTTEN');
    const made = await ann('POST', '/secrets?workspace=acme/shop', { name, value: VALUE });
    await api.database`
      UPDATE secret_versions SET created_at = now() - interval '91 days' WHERE secret_id = ${made.body.id}`;
    const page = await ui().visit('/acme/shop/secrets', 'ann');
    const row = page.getByRole('row', { name });
    await row.getByText('Unused').waitFor();
    await row.getByRole('button', { name: `Actions of ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Rotation' }).click();
    const dialog = page.getByRole('dialog', { name: `Rotation of ${name}` });
    await dialog.getByLabel('A new value every').fill('30');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Set rule' }).click();
    await row.getByText('Rotate: 61 d over').waitFor();
    await showWell(page, 'secrets-marked');
  });

  test('the audit tells of it, filtered by what is asked, one event whole', async () => {
    const name = fresh('AUDITED');
    await ui().ann('POST', '/secrets?workspace=acme/shop', { name, value: VALUE });
    const page = await ui().visit('/acme/shop/audit?action=secret.create', 'ann');
    await page.getByRole('cell', { name }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'audit');
    await page.getByRole('button', { name: 'secret.create' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'secret.create' });
    await dialog.getByText('Place in the chain').waitFor();
    await expectAccessible(page);
    expect(page.url()).toContain('id=');
    expect(await dialog.textContent()).not.toContain(VALUE);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('a link to a secret that is gone does not lead to its namesake', async () => {
    const name = fresh('NAMESAKE');
    const { body } = await ui().ann('POST', '/secrets?workspace=acme/shop', { name, value: VALUE });
    await ui().api.database`UPDATE secrets SET rotate_days = 1 WHERE id = ${body.id}`;
    const page = await ui().visit(`/acme/shop/secrets/${name}?id=${crypto.randomUUID()}`, 'ann');
    await page.getByText(`There is no secret ${name}`).waitFor();
    await page.goto(`${ui().origin}/acme/shop/secrets/${name}?id=${body.id}`);
    await page.getByText('version 1').first().waitFor();
    await page.goto(`${ui().origin}/acme/shop`);
    await page.getByRole('list', { name: 'Soon' }).getByRole('link', { name }).click();
    await page.waitForURL(`**/acme/shop/secrets/${name}?id=${body.id}`);
  });

  test('who may not see secrets finds no way to them', async () => {
    const page = await ui().visit('/acme/shop', 'vic');
    await page.getByRole('link', { name: 'Runs' }).waitFor();
    expect(await page.getByRole('link', { name: 'Secrets' }).count()).toBe(0);
  });
});
