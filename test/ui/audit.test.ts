import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { askAs } from '#test/env/ask.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { addOrganization, addPerson } from '#test/env/people.ts';
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
  /** A secret of this try of the test; answers its name. */
  const create = async (about: string) => {
    const name = fresh(about);
    const body = { name, value: `the value of ${name}` };
    expect((await ui().ann('POST', '/secrets?workspace=acme/shop', body)).status).toBe(201);
    return name;
  };

  test('it is verified up to a time, fits both widths in both themes, and a link opens a record that is not on the page', async () => {
    const { ann, origin } = ui();
    const first = await create('FIRST');
    const { body } = await ann('GET', `/audit?workspace=acme/shop&object=${first}`);
    const page = await ui().visit(`/acme/shop/audit?action=none&id=${body.items[0].id}`, 'ann');
    const dialog = page.getByRole('dialog', { name: 'secret.create' });
    await dialog.getByText(`secret ${first}`).waitFor();
    await page.getByText('Nothing like that was done').waitFor();
    await page.goto(`${origin}/acme/shop/audit`);
    await page.getByText(/^verified up to \d\d:\d\d:\d\d/).waitFor();
    for (const { theme, width } of VIEWS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 800 });
      await page.getByText(first).first().waitFor();
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
    const second = await create('SECOND');
    const page = await ui().visit('/acme/shop/audit', 'ann');
    const rows = page.getByRole('table', { name: 'audit events' }).getByRole('row');
    await page.getByText(second).waitFor();
    await page.getByLabel('Address').fill('192.0.2.7');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing like that was done').waitFor();
    expect(page.url()).toContain('address=192.0.2.7');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByText(second).waitFor();
    expect(await page.getByLabel('Address').inputValue()).toBe('');
    await page.getByLabel('Before').fill('2020-01-01T00:00');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing like that was done').waitFor();
    await page.getByLabel('Before').fill('');
    await page.getByLabel('Object').fill(second);
    await page.getByLabel('Action').focus();
    await expect.poll(() => rows.count()).toBe(2);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'NDJSON' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).object.name)).toEqual([second]);
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
    const third = await create('THIRD');
    const pill = page.getByRole('button', { name: '1 newer' });
    await pill.waitFor({ timeout: 25_000 });
    expect(await page.getByText(third).count()).toBe(0);
    await expectAccessible(page);
    await pill.click();
    await page.getByText(third).waitFor();
    await pill.waitFor({ state: 'detached' });
  });

  test('a change is shown field by field', async () => {
    const { ann } = ui();
    const name = fresh('changed');
    await ann('POST', '/workspaces?organization=acme', { name });
    await ann('PATCH', `/workspaces/acme%2F${name}`, { retentionDays: 33 }, { 'If-Match': '*' });
    const page = await ui().visit(`/acme/${name}/audit?action=workspace.change`, 'ann');
    await page.getByRole('button', { name: 'workspace.change' }).click();
    await page.getByRole('row', { name: 'retentionDays null 33' }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'audit-change');
  });

  test('a broken chain names its first bad record', async () => {
    const { api, port, visitAs } = ui();
    // The chain of another organization is another one: of this try nothing of it is known.
    const name = fresh('tampered');
    const { id } = await addOrganization(api.database, name, ['shop']);
    const owner = await addPerson(api.database, fresh('owner'), { organizationId: id, role: 'owner' });
    for (const secret of ['KEPT', 'TAMPERED', 'AFTER']) {
      const body = { name: secret, value: `the value of ${secret}` };
      await askAs(port, owner)('POST', `/secrets?workspace=${name}/shop`, body);
    }
    await api.database.begin(async (sql) => {
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`UPDATE audit_events SET actor = 'user:nobody' WHERE organization_id = ${id} AND object_name = 'TAMPERED'`;
    });
    const page = await visitAs(`/${name}/shop/audit`, owner);
    const show = page.getByRole('button', { name: /^Show record \d+/ });
    await show.waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'audit-broken');
    await show.click();
    await page.getByRole('dialog').getByText('secret TAMPERED').waitFor();
  });
});
