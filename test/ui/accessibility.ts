import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const PROGRAM = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Holds a page as it stands against WCAG 2.2 AA and good practice; each violation is told with what it is about. */
export async function expectAccessible(page: Page): Promise<void> {
  // By the debugger's own way in, which the page's policy does not concern.
  await page.evaluate(await readProgram());
  const results = await page.evaluate(async (rules): Promise<axe.AxeResults> => {
    const program = (window as unknown as { axe: typeof axe }).axe;
    return program.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] });
  }, RULES);
  const told = results.violations.map(({ id, help, nodes }) => ({
    ...{ id, help },
    nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ''}`),
  }));
  expect(told, page.url()).toEqual([]);
}

async function readProgram(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(PROGRAM, 'utf8');
}
