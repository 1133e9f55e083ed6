import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
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
  const create = async (name: string) => {
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
    SELECT ${createId()}, workspace_id, id, 'npm', 'v', 'branch:main', ${key}, 3, 18200, '{}'::json, 'test'
    FROM pipelines WHERE id = ${id}`;

  test('every page is accessible in both themes and fits every width', async () => {
    const { id } = await create('set');
    await addVersion('set', 'true', 'false');
    await addCache(id, 'npm-5f0c');
    const page = await ui().visit('/acme/shop/pipelines/set', 'ann');
    await page.getByRole('button', { name: 'Settings' }).waitFor();
    await page.keyboard.press(',');
    await page.waitForURL('**/pipelines/set/settings/general');
    for (const [name, shown] of [
      ['General', 'true to false'],
      ['Triggers', 'branches main'],
      ['Caches', 'npm-5f0c'],
      ['Access', 'user:bo'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Settings of set' }).getByRole('link', { name }).click();
      for (const { theme, width } of VIEWS) {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height: 800 });
        await page.getByText(shown).first().waitFor();
        await expectAccessible(page);
        await takeScreenshot(page, `pipeline-settings-${name.toLowerCase()}`);
        const room = await page.evaluate(
          () => document.documentElement.clientWidth - document.documentElement.scrollWidth,
        );
        expect(room, `${name} at ${width}`).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
