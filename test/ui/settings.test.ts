import { beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { addPerson, type TestPerson } from '#test/env/people.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

/** What is there when a page has all it shows. */
const PAGES = [
  ['/acme/shop/settings', 'Share of starts'],
  ['/acme/shop/settings/members', 'user:bo'],
  ['/acme/shop/settings/tokens', 'No token yet'],
  ['/acme/shop/settings/quotas', 'Stages at once'],
  ['/acme/settings', 'acme/bank'],
  ['/acme/settings/members', 'Nobody is invited'],
  ['/acme/settings/teams', 'No team yet'],
  ['/acme/settings/roles', 'maintainer'],
  ['/settings', 'this one'],
  ['/admin', 'Settings of the server'],
] as const;

/** Of what follows a page's first requests. */
const SOON = { timeout: 10_000 };

/** Every theme and every width; colours do not depend on the width. */
const VIEWS = [
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 1280 },
  { theme: 'light', width: 390 },
] as const;

describeWith(['chromium'], 'settings', () => {
  const ui = useUi();
  let operator: TestPerson;
  beforeAll(async () => {
    const { api, acme } = ui();
    operator = await addPerson(api.database, 'op', { organizationId: acme.id, role: 'owner', isOperator: true });
  });

  test('every page is accessible in both themes, and fits both widths', async () => {
    const { origin } = ui();
    const page = await ui().visitAs('/acme/shop', operator);
    for (const [path, text] of PAGES) {
      await page.goto(`${origin}${path}`);
      for (const { theme, width } of VIEWS) {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height: 800 });
        await page.getByText(text).first().waitFor();
        await expectAccessible(page);
        await takeScreenshot(page, `settings${path.replaceAll('/', '-')}`);
      }
      const { content, room } = await page.evaluate(() => ({
        content: document.documentElement.scrollWidth,
        room: document.documentElement.clientWidth,
      }));
      expect(content, path).toBeLessThanOrEqual(room);
    }
  });

  test('a token is made, shown once, listed without its text and revoked', async () => {
    const name = fresh('deploys');
    const page = await ui().visit('/acme/shop/settings/tokens?new', 'ann');
    const dialog = page.getByRole('dialog', { name: 'New API token' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('checkbox', { name: 'run:trigger' }).check();
    await expectAccessible(page);
    await takeScreenshot(page, 'settings-token-new');
    await dialog.getByRole('button', { name: 'Make token' }).click();
    const shown = page.getByRole('dialog', { name: `Token ${name}` });
    const text = (await shown.locator('code').textContent()) ?? '';
    expect(text).toMatch(/^bi_pat_/);
    await takeScreenshot(page, 'settings-token-shown');
    await page.mouse.click(5, 5);
    await shown.getByRole('button', { name: 'I have it' }).click();
    const row = page.getByRole('row', { name });
    await row.waitFor();
    expect(await page.content()).not.toContain(text);
    await row.getByRole('button', { name: `Actions of ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('a role is changed, and a limit set', async () => {
    const { api, acme, ann, visit } = ui();
    const [name, vera] = [fresh('limited'), fresh('vera')];
    const { body } = await ann('POST', '/workspaces?organization=acme', { name });
    await addPerson(api.database, vera, { organizationId: acme.id, bindings: { [body.id]: 'viewer' } });
    const page = await visit(`/acme/${name}/settings/members`, 'ann');
    const row = page.getByRole('row', { name: `user:${vera}` });
    await row.getByRole('button', { name: `Actions of user:${vera}` }).click();
    await page.getByRole('menuitem', { name: 'Change role' }).click();
    const dialog = page.getByRole('dialog', { name: `Role of user:${vera}` });
    await dialog.getByRole('radio', { name: 'developer' }).check();
    await expectAccessible(page);
    await takeScreenshot(page, 'settings-role');
    await dialog.getByRole('button', { name: 'Change role' }).click();
    await row.getByText('developer').waitFor();

    await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Quotas' }).click();
    const quota = page.getByRole('row', { name: /Stages at once/ });
    await quota.getByRole('button', { name: 'Set limit' }).click();
    const limit = page.getByRole('dialog', { name: 'Limit: Stages at once' });
    await limit.getByRole('checkbox', { name: 'There is a limit' }).check();
    await limit.getByLabel('Limit', { exact: true }).fill('4');
    await limit.getByRole('button', { name: 'Set limit' }).click();
    await quota.getByRole('cell', { name: '4 now by ann' }).waitFor();
  });

  test('somebody is invited by a link that is shown once', async () => {
    const email = `${fresh('eve')}@example.com`;
    const page = await ui().visit('/acme/settings/members', 'ann');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite to acme' });
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByLabel('Workspace').selectOption('acme/shop');
    await dialog.getByRole('radio', { name: 'deployer' }).check();
    await expectAccessible(page);
    await takeScreenshot(page, 'settings-invite');
    await dialog.getByRole('button', { name: 'Make invitation' }).click();
    const shown = page.getByRole('dialog', { name: `Invitation of ${email}` });
    expect(await shown.locator('code').textContent()).toMatch(/\/invitation\?token=/);
    await shown.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row', { name: email }).getByText('open').waitFor();
    await takeScreenshot(page, 'settings-invited');
  });

  test('a team gets people, and the organization a role of its own', async () => {
    const sre = fresh('sre');
    const page = await ui().visit('/acme/settings/teams', 'ann');
    await page.getByRole('button', { name: 'New team' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill(sre);
    await page.getByRole('dialog').getByRole('button', { name: 'Make team' }).click();
    const row = page.getByRole('row', { name: `team:${sre}` });
    await row.getByRole('button', { name: `Actions of ${sre}` }).click();
    await page.getByRole('menuitem', { name: 'Members' }).click();
    const dialog = page.getByRole('dialog', { name: `Members of ${sre}` });
    await dialog.getByLabel('Member of the organization').selectOption('bo');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('button', { name: 'Take bo out' }).waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await row.getByRole('cell', { name: 'bo', exact: true }).waitFor();

    await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Roles' }).click();
    await page.getByRole('button', { name: 'New role' }).click();
    const releaser = fresh('releaser');
    const role = page.getByRole('dialog', { name: 'New role' });
    await role.getByLabel('Name').fill(releaser);
    await role.getByRole('checkbox', { name: 'gate:decide' }).check();
    await expectAccessible(page);
    await role.getByRole('button', { name: 'Make role' }).click();
    await page.getByRole('columnheader', { name: releaser }).waitFor();
    await takeScreenshot(page, 'settings-roles');
  });

  test('an act that needs a new sign-in asks for it and keeps what was typed', async () => {
    const { api, people, forgive } = ui();
    await api.database`UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE id = ${people.ann.sessionId}`;
    const page = await ui().visit('/acme/shop/settings/tokens?new', 'ann');
    const dialog = page.getByRole('dialog', { name: 'New API token' });
    await dialog.getByLabel('Name').fill('late');
    await dialog.getByRole('button', { name: 'Make token' }).click();
    const question = page.getByRole('dialog', { name: 'Sign in again' });
    await question.getByText('This needs a sign-in of the last 10 minutes').waitFor();
    await takeScreenshot(page, 'settings-sign-in-too-old');
    await page.keyboard.press('Escape');
    expect(await dialog.getByLabel('Name').inputValue()).toBe('late');
    forgive(/403/);
  });

  test('a workspace is made, changed, and deleted by its name', async () => {
    const name = fresh('made');
    const page = await ui().visit('/acme/settings', 'ann');
    await page.getByRole('button', { name: 'New workspace' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Make workspace' }).click();
    await page.getByRole('link', { name: `Settings of acme/${name}` }).click();
    await page.getByLabel('Runs are kept').fill('0');
    await page.getByLabel('Share of starts').focus();
    await page.getByText('This is a whole number from 1 to 3650').waitFor();
    await page.getByLabel('Runs are kept').fill('31');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The workspace is saved').waitFor();
    await page.getByRole('button', { name: 'Delete workspace' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete workspace' });
    await dialog.getByRole('textbox').fill(`acme/${name}`);
    await dialog.getByRole('button', { name: 'Delete workspace' }).click();
    await page.getByText('Nothing waits for you').waitFor();
  });

  test('a workspace goes to another organization of its owner, by its name', async () => {
    const { api, acme, people, ann } = ui();
    const [other] = await api.database<{ id: string }[]>`SELECT id FROM organizations WHERE name = 'other'`;
    const wander = fresh('wander');
    const both = await addPerson(api.database, fresh('both'), { organizationId: acme.id, role: 'owner' });
    await api.database`INSERT INTO organization_members (id, organization_id, user_id, role)
      VALUES (gen_random_uuid(), ${other?.id ?? ''}, ${both.id}, 'owner')`;
    const { body } = await ann('POST', '/workspaces?organization=acme', { name: wander });
    const page = await ui().visitAs(`/acme/${wander}/settings`, people.ann);
    const transfer = page.getByRole('button', { name: 'Transfer workspace…' });
    expect(await transfer.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('you are an owner of no other organization').first().waitFor({ state: 'attached' });
    const owners = await ui().visitAs(`/acme/${wander}/settings`, both);
    await owners.getByRole('button', { name: 'Transfer workspace…' }).press('Enter');
    const dialog = owners.getByRole('dialog', { name: `Transfer acme/${wander}` });
    await dialog.getByText(`Its address becomes /other/${wander}`).waitFor();
    expect(await dialog.getByRole('combobox', { name: 'To' }).evaluate((field) => field.matches(':focus'))).toBe(true);
    await expectAccessible(owners);
    await takeScreenshot(owners, 'settings-transfer');
    await dialog.getByLabel(`Type acme/${wander} to confirm`).fill(`acme/${wander}`);
    await owners.keyboard.press('Enter');
    await owners.waitForURL(`**/other/${wander}/settings`);
    await owners.getByRole('button', { name: 'Transfer workspace…' }).waitFor();
    expect((await ui().mallory('GET', `/workspaces/other%2F${wander}`)).body).toMatchObject({ id: body.id });
    expect((await ann('GET', `/workspaces/${body.id}`)).status).toBe(404);
    ui().forgive(/404/);
  });

  test('what somebody else saves takes nothing of what is typed, and both are shown', async () => {
    const { ann, forgive } = ui();
    const name = fresh('shared');
    const { body } = await ann('POST', '/workspaces?organization=acme', { name });
    const page = await ui().visit(`/acme/${name}/settings`, 'ann');
    const [days, weight] = [page.getByLabel('Runs are kept'), page.getByLabel('Share of starts')];
    await weight.fill('7');
    await ann('PATCH', `/workspaces/${body.id}`, { retentionDays: 33 }, { 'If-Match': `"${body.version}"` });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Changed by ann meanwhile: other settings').waitFor();
    await page.getByText('Runs are kept, days: 33').waitFor();
    expect([await days.inputValue(), await weight.inputValue()]).toEqual(['30', '7']);
    await expectAccessible(page);
    await takeScreenshot(page, 'settings-conflict');
    await page.getByRole('button', { name: 'Keep what is typed' }).click();
    expect([await days.inputValue(), await weight.inputValue()]).toEqual(['33', '7']);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The workspace is saved').waitFor();
    const after = await ann('GET', `/workspaces/${body.id}`);
    expect(after.body).toMatchObject({ retentionDays: 33, weight: 7 });
    forgive(/412/);
  });

  test('what is typed while the workspace is saved stays, and one that is gone is not waited for', async () => {
    const { ann } = ui();
    const name = fresh('slow');
    const { body } = await ann('POST', '/workspaces?organization=acme', { name });
    const page = await ui().visit(`/acme/${name}/settings`, 'ann');
    const answer = Promise.withResolvers<void>();
    await page.route(`**/api/v1/workspaces/${body.id}`, async (route) => {
      await answer.promise;
      await route.continue();
    });
    await page.getByLabel('Runs are kept').fill('40');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByLabel('Share of starts').fill('3');
    answer.resolve();
    await page.getByText('The workspace is saved').waitFor();
    expect(await page.getByLabel('Share of starts').inputValue()).toBe('3');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await ann('GET', `/workspaces/${body.id}`)).body.weight).toBe(3);
    await page.route('**/api/v1/workspaces?*', (route) => route.fulfill({ json: { items: [], next: null } }));
    await page.reload();
    await page.getByText(`There is no workspace acme/${name}`).waitFor();
    await expectAccessible(page);
  });

  test('a link leads to a field, a quota and a setting of the server, with the origin of each', async () => {
    const { origin } = ui();
    const page = await ui().visitAs('/acme/shop/settings#weight', operator);
    const weight = page.getByLabel('Share of starts');
    await weight.waitFor();
    await expect.poll(() => weight.evaluate((element) => element === document.activeElement), SOON).toBe(true);
    await page.getByText('1 is the default.').waitFor();
    await page.goto(`${origin}/acme/shop/settings/quotas#storage-bytes`);
    await expect
      .poll(() => page.getByRole('row', { name: /^Storage/ }).getAttribute('aria-selected'), SOON)
      .toBe('true');
    await page.goto(`${origin}/admin#BUILDIT_LABELS`);
    const row = page.getByRole('row', { name: /^BUILDIT_LABELS/ });
    await expect.poll(() => row.getAttribute('aria-selected'), SOON).toBe('true');
    await row.getByText('default').waitFor();
    await expectAccessible(page);
  });

  test('quotas name who waits because of them, and members when they were seen', async () => {
    const { api, ann, acme, origin } = ui();
    const text = 'pipeline "waits"\nstage "work" { image "busybox:1.37"; run "true" }\n';
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'waits', text });
    const { body } = await ann('POST', '/pipelines/waits/runs?workspace=acme/shop', {});
    const kind = '/quotas/stages-at-once?workspace=acme/shop';
    await ann('PUT', kind, { limit: 0 }, { 'If-Match': '*' });
    await api.database`
      INSERT INTO slots (workspace_id, run_id, stage, priority)
      VALUES (${acme.workspaces['shop'] ?? ''}, ${body.id}, 'work', 3)`;
    await api.database`UPDATE users SET last_seen_at = now() - interval '3 hours' WHERE name = 'bo'`;
    const page = await ui().visit('/acme/shop/settings/quotas', 'ann');
    await page.getByRole('link', { name: `${body.label} work` }).waitFor();
    await page.getByRole('columnheader', { name: 'Peak, 30 days' }).waitFor();
    await takeScreenshot(page, 'settings-quotas-waiting');
    await expectAccessible(page);
    await page.goto(`${origin}/acme/shop/settings/members`);
    await page.getByRole('row', { name: /user:bo .*3 h ago/ }).waitFor();
    await takeScreenshot(page, 'settings-members-seen');
    await api.database`DELETE FROM slots`;
    await ann('PUT', kind, { limit: null }, { 'If-Match': '*' });
  });

  test('health comes by itself', async () => {
    const page = await ui().visitAs('/admin', operator);
    const time = page.getByRole('row', { name: /PostgreSQL/ }).locator('time');
    // Only then the page's own request is over.
    const before = await time.getAttribute('datetime');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await expect.poll(() => time.getAttribute('datetime'), { timeout: 15_000 }).not.toBe(before);
    expect(asked.filter((url) => url.includes('system/health'))).toEqual([]);
  });

  test('who may not change a thing sees it, with the reason', async () => {
    const page = await ui().visit('/acme/shop/settings', 'bo');
    await page.getByText('What you may do here').waitFor();
    expect(await page.getByLabel('Name').getAttribute('readonly')).not.toBeNull();
    expect(await page.getByRole('button', { name: 'Delete workspace' }).getAttribute('aria-disabled')).toBe('true');
    await page.goto(`${ui().origin}/acme/shop/settings/quotas`);
    const button = page.getByRole('row', { name: /Storage/ }).getByRole('button', { name: 'Set limit' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
  });
});
