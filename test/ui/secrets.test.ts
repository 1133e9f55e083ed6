import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const VALUE = 'hunter22-and-more';

describeWith(['chromium'], 'secrets and audit', () => {
  const ui = useUi();

  test('a secret is set, shown without its value, disabled and deleted by its name', async () => {
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
    await dialog.getByLabel('Name').fill('NPM_TOKEN');
    await dialog.getByLabel('Value').fill('short');
    await dialog.getByText('so short a value cannot be masked').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'secret-new');
    await dialog.getByLabel('Value').fill(VALUE);
    await dialog.getByRole('button', { name: 'Set secret' }).click();
    const row = page.getByRole('row', { name: /NPM_TOKEN/ });
    await row.waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'secrets');
    await row.getByRole('button', { name: 'Actions of NPM_TOKEN' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await row.getByText('Disabled').waitFor();
    await row.getByRole('button', { name: 'Actions of NPM_TOKEN' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('NPM_TOKEN');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No secret yet').waitFor();
    expect(answers.join('\n')).not.toContain(VALUE);
    expect(page.url()).not.toContain(VALUE);
  });

  test('the audit tells of it, filtered by what is asked, one event whole', async () => {
    await ui().ann('POST', '/secrets?workspace=acme/shop', { name: 'AUDITED', value: VALUE });
    const page = await ui().visit('/acme/shop/audit?action=secret.create', 'ann');
    await page.getByRole('cell', { name: /AUDITED/ }).waitFor();
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

  test('who may not see secrets finds no way to them', async () => {
    const page = await ui().visit('/acme/shop', 'vic');
    await page.getByRole('link', { name: 'Runs' }).waitFor();
    expect(await page.getByRole('link', { name: 'Secrets' }).count()).toBe(0);
  });
});
