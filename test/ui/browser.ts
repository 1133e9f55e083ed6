import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { locateChromium } from '#test/env/chromium.ts';
import type { TestPerson } from '#test/env/people.ts';

export type Theme = 'dark' | 'light';

export interface VisitOptions {
  /** Who is signed in; null is nobody. */
  as: Pick<TestPerson, 'cookie'> | null;
  theme?: Theme;
  width?: number;
  height?: number;
  isMotionReduced?: boolean;
  hasForcedColors?: boolean;
}

/** One Chromium for the tests of a file. */
export interface TestBrowser {
  /** A window of its own for a person, at `url` (the server's address with a path). */
  visit(url: string, options: VisitOptions): Promise<Page>;
  /** Faults of pages that a test expects: they are taken from what fails it afterwards. */
  forgive(pattern: RegExp): void;
}

/** As root and without a display (the sandbox needs neither); nothing of it speaks to the outside. */
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/**
 * Chromium, once a file; each page is closed after its test. A test fails when a page had a violation of its policy, an
 * error nobody caught, or an error in its console.
 */
export function useBrowser(): () => TestBrowser {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-chromium-'));
  const faults: string[] = [];
  let contexts: BrowserContext[] = [];
  let browser: Awaited<ReturnType<typeof chromium.launch>> | null = null;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: locateChromium() ?? '',
      args: FLAGS,
      downloadsPath: folder,
    });
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => ({
    async visit(url, { as, theme = 'dark', width = 1280, height = 800, isMotionReduced = true, hasForcedColors }) {
      if (!browser) throw new Error('the browser is there inside tests only');
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: isMotionReduced ? 'reduce' : 'no-preference',
        forcedColors: hasForcedColors ? 'active' : 'none',
        locale: 'en-GB',
        timezoneId: 'UTC',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      contexts.push(context);
      if (as) {
        const [name = '', value = ''] = as.cookie.split('=');
        await context.addCookies([{ name, value, url: new URL(url).origin, httpOnly: true, sameSite: 'Lax' }]);
      }
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await watchFaults(page, faults);
      await page.goto(url);
      return page;
    },
    forgive(pattern) {
      const left = faults.filter((fault) => !pattern.test(fault));
      faults.splice(0, faults.length, ...left);
    },
  });
}

async function watchFaults(page: Page, faults: string[]): Promise<void> {
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  page.on('pageerror', (error) => void faults.push(`${page.url()}: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // Whoever makes a container on this machine changes its networks; the pages ask again.
    const isOfMachine = message.text().includes('net::ERR_NETWORK_CHANGED');
    if (message.type() === 'error' && !isOfMachine) faults.push(`${page.url()}: ${message.text()}`);
  });
}
