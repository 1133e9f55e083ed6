import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import type { Status } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import type { TestPerson } from '#test/env/people.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { expectAccessible } from './accessibility.ts';
import { fillPages } from './fill-pages.ts';
import { listPagesOfToday } from './pages.ts';
import { settle } from './settle.ts';
import { useUi } from './use-ui.ts';

/** WCAG 2.2 2.5.8, UI §10. */
const LEAST_TARGET = 24;
/** A window of 1280 × 800 at 200 %, and the narrowest that is held. */
const SIZES = [
  [640, 400],
  [320, 640],
] as const;

describeWith(['chromium'], 'every page, for everyone', () => {
  const ui = useUi();
  let person: TestPerson;
  beforeAll(async () => {
    person = await fillPages(ui());
  });

  test.each(listPagesOfToday())('%s scrolls down only, and what is pressed is large enough', async (path) => {
    const page = await ui().visitAs(path, person);
    await settle(page);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      const { wide, small } = await page.evaluate(listMisfits, LEAST_TARGET);
      expect(wide, `${width} px`).toEqual([]);
      expect(small, `${width} px`).toEqual([]);
    }
  });

  test('with forced colours and without motion each state keeps a shape and a word of its own', async () => {
    const { api, ann } = ui();
    const names = STATES.map((_, index) => `stage-${index}`);
    api.usePlan(createPlan(names.map((name) => createStagePlan(name))));
    const run: RunObject = (await ann('POST', '/pipelines/walked/runs', {})).body;
    await playBatch(api, run, 1, {
      run: running,
      nodes: STATES.map((state, index) => node(names[index] ?? '', state)),
    });
    const page = await ui().visitAs(`${run.url}?view=table`, person, { hasForcedColors: true });
    await page.getByRole('table', { name: 'Stages' }).waitFor();
    const { shapes, words, moving, unseen } = await page.evaluate(() => {
      const icons = [...document.querySelectorAll('table tbody tr')].flatMap(
        (row) => row.querySelector('[data-hue]:has(> svg)') ?? [],
      );
      const ground = getComputedStyle(document.body).backgroundColor;
      return {
        shapes: icons.map((icon) => icon.querySelector('svg')?.innerHTML ?? ''),
        words: icons.map((icon) => icon.parentElement?.textContent.trim() ?? ''),
        moving: document.getAnimations().filter(({ playState }) => playState === 'running').length,
        unseen: icons.filter((icon) => getComputedStyle(icon).color === ground).length,
      };
    });
    expect(shapes).toHaveLength(STATES.length);
    expect(new Set(shapes).size, words.join(', ')).toBe(STATES.length);
    expect(words.filter((word) => !/^[a-z]/i.test(word))).toEqual([]);
    expect({ moving, unseen }).toEqual({ moving: 0, unseen: 0 });
  });

  /** `bank` has nothing in it: what is of one object is not there, and says so. */
  test.each([
    ['loaded', 'shop'],
    ['empty', 'bank'],
    ['refused', 'shop'],
  ] as const)(
    'is accessible in both themes, %s',
    async (state, workspace) => {
      const { origin, forgive } = ui();
      const first = await ui().visitAs('/admin', person);
      const left = listPagesOfToday(workspace).values();
      const work = async () => {
        const page = await first.context().newPage();
        if (state === 'refused') await refuseAll(page);
        for (const path of left) {
          await page.goto(`${origin}${path}`);
          await settle(page);
          for (const theme of ['dark', 'light'] as const) {
            await page.emulateMedia({ colorScheme: theme });
            await expectAccessible(page);
          }
        }
      };
      await Promise.all([work(), work()]);
      forgive(/Failed to load resource/);
    },
    240_000,
  );
});

/** Every way a stage can stand, which a run never has all of. */
const STATES: readonly Status[] = [
  ...(['passed', 'soft-failed', 'failed', 'errored', 'timed-out', 'cancelled', 'skipped', 'not-run'] as const).map(
    ended,
  ),
  running,
  { kind: 'waiting', reason: { code: 'needs', message: 'needs another' } },
];

/** Everything but who is signed in. */
async function refuseAll(page: Page): Promise<void> {
  const problem = { type: 'about:blank', title: 'No', status: 500, detail: 'it is away', code: 'away' };
  await page.route(/\/api\/v1\/(?!me$)/, (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ ...problem, requestId: 'r-1', retry: 'no', errors: [] }),
    }),
  );
}

/**
 * What is wider than the page, and controls that are too small to be pressed, as they are written. A smaller one may
 * stand where nothing else can be pressed within the size (WCAG 2.5.8, spacing).
 */
function listMisfits(least: number): { wide: string[]; small: string[] } {
  const tell = (element: Element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return `${element.outerHTML.slice(0, 160)} at ${x}, ${y} ${width} x ${height}`;
  };
  const room = document.documentElement.clientWidth;
  const isWide = document.documentElement.scrollWidth > room;
  const wide = isWide
    ? [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > room)
    : [];
  const controls = [
    ...document.querySelectorAll<HTMLElement>(
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=tab], [role=slider], [role=treeitem]',
    ),
  ].filter(
    (one) =>
      one.checkVisibility({ visibilityProperty: true }) &&
      // What no Tab comes to is reached in another way too.
      one.closest('.sr-only, [inert], [tabindex="-1"]') === null &&
      // A link in a sentence is as high as its line.
      getComputedStyle(one).display !== 'inline',
  );
  const targets = controls.map((one) => {
    // A choice is pressed on its words too.
    const parts = one instanceof HTMLInputElement ? [one, ...(one.labels ?? [])] : [one];
    const boxes = parts.map((part) => part.getBoundingClientRect());
    const [left, right] = [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
    const [top, bottom] = [Math.min(...boxes.map((box) => box.top)), Math.max(...boxes.map((box) => box.bottom))];
    return { one, left, right, top, bottom };
  });
  const isNear = (x: number, y: number, other: (typeof targets)[number]) =>
    Math.hypot(x - Math.min(Math.max(x, other.left), other.right), y - Math.min(Math.max(y, other.top), other.bottom)) <
    least / 2 - 0.5;
  const small = targets.filter((target) => {
    const { one, left, right, top, bottom } = target;
    if (right === left || Math.min(right - left, bottom - top) >= least - 0.5) return false;
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return targets.some(
      (other) => other !== target && !one.contains(other.one) && !other.one.contains(one) && isNear(x, y, other),
    );
  });
  return { wide: wide.slice(0, 5).map(tell), small: small.slice(0, 5).map(({ one }) => tell(one)) };
}
