import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { playBatch, running } from '#test/env/use-api.ts';
import { useUi } from './use-ui.ts';

/** UI §10: cancelling is shown in 50 ms, three frames of a screen; counted, as a busy machine has longer ones. */
const FRAMES = 3;
const TEXT = 'pipeline "stopping" { image "busybox:1.37" }\nstage "a" { run "true" }\n';

interface Frames {
  /** What each frame showed since the press. */
  frames: { isCancelling: boolean; hasReason: boolean }[];
}

describeWith(['chromium'], 'the cancel of a run', () => {
  const ui = useUi();

  /** A running run with the question about its cancel open, and every frame watched. */
  const ask = async (): Promise<{ page: Page; run: RunObject }> => {
    const { api, ann } = ui();
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'stopping', text: TEXT });
    const run: RunObject = (await ann('POST', '/pipelines/stopping/runs', {})).body;
    await playBatch(api, run, 1, { run: running });
    const page = await ui().visit(run.url, 'ann');
    await page.getByRole('button', { name: 'Cancel run' }).first().click();
    await page.getByRole('dialog', { name: 'Cancel run' }).waitFor();
    await page.evaluate(() => {
      const frames: Frames['frames'] = [];
      Object.assign(window, { frames });
      const look = () => {
        const hasReason = document.querySelector('dialog [role=alert]') !== null;
        // The word of the state beside the name of the run.
        frames.push({
          isCancelling: document.querySelector('header')?.innerText.includes('Cancelling') === true,
          hasReason,
        });
        requestAnimationFrame(look);
      };
      document.addEventListener('click', () => requestAnimationFrame(look), { capture: true, once: true });
    });
    return { page, run };
  };
  const press = (page: Page) =>
    page.getByRole('dialog', { name: 'Cancel run' }).getByRole('button', { name: 'Cancel run' }).click();
  const readFrames = (page: Page) => page.evaluate(() => (window as unknown as Frames).frames);

  test('is shown within three frames, before the server has answered', async () => {
    const { page, run } = await ask();
    const held = Promise.withResolvers<void>();
    ui().api.workflows.answer(async () => {
      await held.promise;
      return { kind: 'accepted' };
    });
    await press(page);
    await page.locator('header').getByText('Cancelling').waitFor();
    const frames = await readFrames(page);
    expect(frames.findIndex(({ isCancelling }) => isCancelling)).toBeLessThan(FRAMES);
    held.resolve();
    await page.getByText(`${run.label} is being cancelled`).waitFor();
  });

  test('that is refused is taken back in the frame that says why', async () => {
    const { page } = await ask();
    const held = Promise.withResolvers<void>();
    ui().api.workflows.answer(async () => {
      await held.promise;
      return { kind: 'refused', code: 'run-over', message: 'the run is at its end' };
    });
    await press(page);
    await page.locator('header').getByText('Cancelling').waitFor();
    held.resolve();
    await page.getByRole('dialog').getByRole('alert').getByText('the run is at its end').waitFor();
    const frames = await readFrames(page);
    expect(frames.filter(({ isCancelling, hasReason }) => isCancelling && hasReason)).toEqual([]);
    expect(frames.at(-1)).toEqual({ isCancelling: false, hasReason: true });
    ui().forgive(/status of 4\d\d/);
  });
});
