import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { expectAccessible } from './accessibility.ts';
import { takeScreenshot } from './screenshot.ts';
import { useUi } from './use-ui.ts';

describeWith(['chromium'], 'the shell', () => {
  const ui = useUi();

  test('who is not signed in is asked to, and comes back', async () => {
    const page = await ui().visit('/acme/shop', null);
    expect(new URL(page.url()).pathname).toBe('/login');
    await expectAccessible(page);
  });

  test.each([
    ['dark', 1280],
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
  ] as const)('the home page is accessible, %s at %i px', async (theme, width) => {
    const page = await ui().visit('/', 'ann', { theme, width });
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await page.getByText('Nothing waits for you').waitFor();
    await expectAccessible(page);
    await takeScreenshot(page, 'home');
  });
});
