import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { ended, playBatch } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describeWith(['chromium'], 'the palette', () => {
  const ui = useUi();
  const openPalette = async (page: Page, text: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and act' }).waitFor();
    await page.keyboard.type(text);
  };
  const open = async (text: string, as: 'ann' | 'vic' = 'ann') => {
    const page = await ui().visit('/acme/shop', as);
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await openPalette(page, text);
    return page;
  };

  test.each(['dark', 'light'] as const)('@ finds people and teams, and leads to them, %s', async (theme) => {
    for (const name of ['sre', 'other']) await ui().ann('POST', '/teams?organization=acme', { name });
    const page = await ui().visit('/acme/shop', 'ann', { theme });
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await openPalette(page, '@SR');
    await page.getByRole('option', { name: /sre/ }).waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'palette-people');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Teams', level: 1 }).waitFor();
    expect(new URL(page.url()).search).toBe('?name=sre');
    await page.getByRole('row').filter({ hasText: 'team:sre' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'team:other' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Only sre: show all' }).click();
    await page.getByRole('row').filter({ hasText: 'team:other' }).waitFor();
  });

  test('a run is found by its number, and Right shows what can be done with it and why not', async () => {
    const { api, ann } = ui();
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'numbered', text: TEXT });
    const run: RunObject = (await ann('POST', '/pipelines/numbered/runs', {})).body;
    await playBatch(api, run, 1, { run: ended('failed') });
    const page = await open(`#${run.number}`, 'vic');
    await page.getByRole('option', { name: run.label }).waitFor();
    await page.keyboard.press('ArrowRight');
    const rerun = page.getByRole('option', { name: /Re-run/ });
    await rerun.waitFor();
    expect(await rerun.getAttribute('aria-disabled')).toBe('true');
    expect(await rerun.textContent()).toContain('run:trigger');
    await expectAccessible(page);
    await takeScreenshot(page, 'palette-actions');
    await page.keyboard.press('Backspace');
    await page.getByRole('option', { name: run.label }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${run.url}**`);
  });

  test('what the server finds comes below, and whoever is highlighted stays so', async () => {
    const { ann } = ui();
    await ann('POST', '/pipelines?workspace=acme/bank', { name: 'settings-bank', text: TEXT });
    const page = await ui().visit('/acme/shop', 'ann');
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    const released = Promise.withResolvers<void>();
    await page.route('**/api/v1/search?*', async (route) => {
      await released.promise;
      await route.continue();
    });
    await openPalette(page, 'settings');
    await page.keyboard.press('ArrowDown');
    const highlighted = page.locator('[role=option][aria-selected=true]');
    const [before, box] = [await highlighted.textContent(), await highlighted.boundingBox()];
    released.resolve();
    await page.getByRole('group', { name: 'Found on the server' }).getByText('settings-bank').waitFor();
    expect(await highlighted.textContent()).toBe(before);
    expect((await highlighted.boundingBox())?.y).toBe(box?.y);
  });

  test('where nothing has the name it is made, by who may', async () => {
    const page = await open('brand-new-thing');
    await page.getByRole('option', { name: /Create the pipeline “brand-new-thing”/ }).waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New pipeline' });
    await dialog.waitFor();
    expect(await dialog.getByRole('textbox', { name: /Name/ }).inputValue()).toBe('brand-new-thing');
    const viewer = await open('brand-new-thing', 'vic');
    await viewer.getByRole('option', { name: /Search the runs/ }).waitFor();
    expect(await viewer.getByRole('option', { name: /Create/ }).count()).toBe(0);
  });

  test('a page that is pinned stays at hand in palette and sidebar', async () => {
    const kept = fresh('kept');
    await ui().ann('POST', '/pipelines?workspace=acme/shop', { name: kept, text: TEXT });
    const page = await ui().visit(`/acme/shop/pipelines/${kept}`, 'ann');
    await page.getByRole('button', { name: 'Pin the page' }).click();
    await page.getByRole('button', { name: 'Take the pin away' }).waitFor();
    await page.goto(`${ui().origin}/acme/shop`);
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: kept }).waitFor();
    await openPalette(page, '');
    await page.getByRole('group', { name: 'Pinned' }).getByText(kept).waitFor();
    await expectAccessible(page);
  });
});
