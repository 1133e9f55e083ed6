import type { Page, Route } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import type { TestPerson } from '#test/env/people.ts';
import { fillPages } from './fill-pages.ts';
import { listPagesOfToday } from './pages.ts';
import { holdPatience, type Holding } from './patience.ts';
import { useUi } from './use-ui.ts';

/** Who is not signed in any more is asked over the page: test/ui/whole-page.test.ts. */
const ANSWERS = [403, 404, 500, 'never'] as const;
type Answer = (typeof ANSWERS)[number];
/** UI §10: no page waits longer, and what it waits for is the only thing that takes time. */
const PATIENCE_MS = 10_000;
/** Pages at once. */
const WINDOWS = 4;

describeWith(['chromium'], 'a page whose API does not answer as it should', () => {
  const ui = useUi();
  let person: TestPerson;
  let me = '';
  beforeAll(async () => {
    person = await fillPages(ui());
    const answer = await fetch(`${ui().origin}/api/v1/me`, { headers: { Authorization: `Bearer ${person.bearer}` } });
    me = await answer.text();
  });

  test.each(ANSWERS)(
    'says why and what to do, for %s',
    async (answer) => {
      const { origin, forgive } = ui();
      const first = await ui().visitAs('/admin', person);
      await first.getByRole('heading', { level: 1 }).waitFor();
      const paths = listPagesOfToday();
      const left = paths.values();
      const told: Record<string, Told> = {};
      const work = async () => {
        const page = await first.context().newPage();
        await page.addInitScript(holdPatience);
        await page.route('**/api/v1/**', (route) => respond(route, answer, me));
        for (const path of left) {
          await page.goto(`${origin}${path}`);
          told[path] = await readEnd(page, answer);
        }
      };
      await Promise.all(Array.from({ length: WINDOWS }, work));
      forgive(/Failed to load resource/);
      expect(Object.keys(told)).toHaveLength(paths.length);
      const dead = Object.entries(told).filter(([, end]) => end.reason === '' || end.acts === 0 || end.isLoading);
      expect(dead).toEqual([]);
      for (const [path, { longestMs }] of Object.entries(told))
        expect(longestMs, path).toBeLessThanOrEqual(PATIENCE_MS);
    },
    90_000,
  );

  test.each(ANSWERS)('says so when not even who is signed in is known, for %s', async (answer) => {
    const { origin, forgive } = ui();
    const page = await ui().visitAs('/login', person);
    await page.addInitScript(holdPatience);
    await page.route('**/api/v1/**', (route) => respond(route, answer, null));
    await page.goto(`${origin}/acme/shop`);
    expect(await readEnd(page, answer)).toMatchObject({ reason: expect.stringMatching(/\w/), acts: 1 });
    forgive(/Failed to load resource/);
  });
});

interface Told {
  reason: string;
  /** Buttons and links beside it. */
  acts: number;
  /** Something still looks as if it came. */
  isLoading: boolean;
  longestMs: number;
}

/** Who is signed in is known, unless `me` is null: the page is there, and what it shows is not. */
function respond(route: Route, answer: Answer, me: string | null): Promise<void> | void {
  if (me !== null && new URL(route.request().url()).pathname === '/api/v1/me') {
    return route.fulfill({ contentType: 'application/json', body: me });
  }
  if (answer === 'never') return undefined;
  const problem = { type: 'about:blank', title: 'No', status: answer, detail: 'it is away', code: 'away' };
  return route.fulfill({
    status: answer,
    contentType: 'application/problem+json',
    body: JSON.stringify({ ...problem, requestId: 'r-1', retry: 'no', errors: [] }),
  });
}

/** Waits until the page has settled, ending the patience of whatever is still waited for, and reads what it says. */
async function readEnd(page: Page, answer: Answer): Promise<Told> {
  await page
    .waitForFunction(
      (isSilent) => {
        if (isSilent) for (const { end } of (window as unknown as Partial<Holding>).held ?? []) end.abort();
        const main = document.querySelector('main');
        const hasSkeleton = main?.querySelector('[aria-hidden].bg-hover') !== null;
        // The page itself, not only a question over it that came before the page had begun to ask.
        const isTold = document.querySelector('[role=alert]') !== null;
        const isMissing = main?.textContent.includes('There is no ') === true;
        return main?.hasAttribute('aria-busy') === false && !hasSkeleton && (isTold || isMissing);
      },
      answer === 'never',
      { timeout: 20_000, polling: 50 },
    )
    // What is not as it should be is told with the page's address by the test.
    .catch(() => {});
  return page.evaluate(() => {
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    // What is not there says so in place of the page, with its ways out.
    const missing = [...document.querySelectorAll('main p')].filter((one) =>
      one.textContent.startsWith('There is no '),
    );
    const places = [
      ...document.querySelectorAll('[role=alert], dialog[open]'),
      ...missing.flatMap((one) => one.parentElement ?? []),
    ].filter(isSeen);
    const acts = places.flatMap((place) => [...place.querySelectorAll('button:not([aria-disabled=true]), a[href]')]);
    return {
      reason: places.map(({ textContent }) => textContent.slice(0, 120)).join(' | '),
      acts: acts.filter(isSeen).length,
      isLoading:
        document.querySelector('main:not([aria-busy])') === null ||
        document.querySelector('main [aria-hidden].bg-hover') !== null,
      longestMs: Math.max(0, ...(window as unknown as Holding).held.map(({ ms }) => ms)),
    };
  });
}
