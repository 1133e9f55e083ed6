import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const VIEWS = [
  { theme: 'light', width: 1280 },
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 1280 },
] as const;

describeWith(['chromium'], 'audit', () => {
  const ui = useUi();
  const create = (name: string) =>
    ui().ann('POST', '/secrets?workspace=acme/shop', { name, value: `the value of ${name}` });

  test('it is verified up to a time, fits both widths in both themes, and a link opens a record that is not on the page', async () => {
    const { ann, origin } = ui();
    await create('FIRST');
    const { body } = await ann('GET', '/audit?workspace=acme/shop&object=FIRST');
    const page = await ui().visit(`/acme/shop/audit?action=none&id=${body.items[0].id}`, 'ann');
    const dialog = page.getByRole('dialog', { name: 'secret.create' });
    await dialog.getByText('secret FIRST').waitFor();
    await page.getByText('Nothing like that was done').waitFor();
    await page.goto(`${origin}/acme/shop/audit`);
    await page.getByText(/^verified up to \d\d:\d\d:\d\d/).waitFor();
    for (const { theme, width } of VIEWS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 800 });
      await page.getByText('FIRST').first().waitFor();
      await expectAccessible(page);
      await takeScreenshot(page, 'audit-page');
      const [content, room] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content).toBeLessThanOrEqual(room ?? 0);
    }
  });

  test('fields limit it by address and time, the export with it, and are emptied together', async () => {
    await create('SECOND');
    const page = await ui().visit('/acme/shop/audit', 'ann');
    const rows = page.getByRole('table', { name: 'audit events' }).getByRole('row');
    await page.getByText('SECOND').waitFor();
    await page.getByLabel('Address').fill('192.0.2.7');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing like that was done').waitFor();
    expect(page.url()).toContain('address=192.0.2.7');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByText('SECOND').waitFor();
    expect(await page.getByLabel('Address').inputValue()).toBe('');
    await page.getByLabel('Before').fill('2020-01-01T00:00');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing like that was done').waitFor();
    await page.getByLabel('Before').fill('');
    await page.getByLabel('Object').fill('SECOND');
    await page.getByLabel('Action').focus();
    await expect.poll(() => rows.count()).toBe(2);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'NDJSON' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).object.name)).toEqual(['SECOND']);
  });

  test('what is typed counts when the field is left, keeps the focus, and left as it was changes nothing', async () => {
    const page = await ui().visit('/acme/shop/audit', 'ann');
    const from = page.getByLabel('From');
    const isFocused = () => from.evaluate((element) => element === document.activeElement);
    await from.fill('2020-01-01T00:00');
    expect(page.url()).not.toContain('from=');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('from=');
    expect(await isFocused()).toBe(true);
    await page.getByLabel('Actor').fill('user:ann');
    await page.getByLabel('Action').focus();
    await expect.poll(() => page.url()).toContain('actor=');
    await page.keyboard.type('secret.create');
    expect(await page.getByLabel('Action').inputValue()).toBe('secret.create');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('action=');
    const entries = () => page.evaluate(() => history.length);
    const before = await entries();
    for (const label of ['From', 'Before', 'Actor', 'Action', 'Object']) await page.getByLabel(label).focus();
    expect(await entries()).toBe(before);
    await page.goBack();
    await expect.poll(() => page.getByLabel('Action').inputValue()).toBe('');
    expect(await page.getByLabel('Actor').inputValue()).toBe('user:ann');
  });

  test('what comes meanwhile waits behind a button', async () => {
    const page = await ui().visit('/acme/shop/audit', 'ann');
    await page.getByText('verified up to').waitFor();
    await create('THIRD');
    const pill = page.getByRole('button', { name: '1 newer' });
    await pill.waitFor({ timeout: 25_000 });
    expect(await page.getByText('THIRD').count()).toBe(0);
    await expectAccessible(page);
    await pill.click();
    await page.getByText('THIRD').waitFor();
    await pill.waitFor({ state: 'detached' });
  });

  test('a change is shown field by field', async () => {
    const { ann } = ui();
    await ann('PATCH', '/workspaces/acme%2Fshop', { retentionDays: 33 }, { 'If-Match': '*' });
    const page = await ui().visit('/acme/shop/audit?action=workspace.change', 'ann');
    await page.getByRole('button', { name: 'workspace.change' }).click();
    await page.getByRole('row', { name: 'retentionDays null 33' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'audit-change');
  });

  test('a broken chain names its first bad record', async () => {
    const { api, forgive } = ui();
    await create('TAMPERED');
    await api.database.begin(async (sql) => {
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`UPDATE audit_events SET actor = 'user:nobody' WHERE object_name = 'TAMPERED'`;
    });
    // Only what is new is walked, every 15 seconds at most.
    const page = await ui().visit('/acme/shop/audit', 'ann');
    const show = page.getByRole('button', { name: /^Show record \d+/ });
    await expect
      .poll(
        async () => (
          await page.reload(),
          await page
            .getByText(/verified|broken/)
            .first()
            .waitFor(),
          show.count()
        ),
        {
          timeout: 30_000,
          interval: 2_000,
        },
      )
      .toBe(1);
    await expectAccessible(page);
    await takeScreenshot(page, 'audit-broken');
    await show.click();
    await page.getByRole('dialog').getByText('secret TAMPERED').waitFor();
    forgive(/ERR_ABORTED/);
  });
});
