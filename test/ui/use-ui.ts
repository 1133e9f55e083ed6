import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll } from 'vitest';
import type { TestPerson } from '#test/env/people.ts';
import { useServer, type TestServer } from '#test/env/use-server.ts';
import { useBrowser, type TestBrowser, type VisitOptions } from './browser.ts';

const HOME = resolve(import.meta.dirname, '../..');

/** Builds the interface when it is not that of the present sources; of several files that need it, one does. */
export function useBuiltWeb(): void {
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      resolve(HOME, 'web/build/main.ts'),
    ]);
  });
}

/** The server of `useServer` with its people, and a browser that shows it. */
export interface TestUi extends TestServer, Omit<TestBrowser, 'visit'> {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** Opens a page for one of the people; null is nobody. */
  visit(path: string, as: keyof TestServer['people'] | null, options?: Omit<VisitOptions, 'as'>): Promise<Page>;
  /** The same for somebody the test has added. */
  visitAs(path: string, person: TestPerson, options?: Omit<VisitOptions, 'as'>): Promise<Page>;
}

/** A real API with data of its own and steered workflows, behind Chromium. The answer works inside tests only. */
export function useUi(): () => TestUi {
  useBuiltWeb();
  const server = useServer();
  const browser = useBrowser();
  return () => {
    const { visit, forgive } = browser();
    const running = server();
    const { port, people } = running;
    const origin = `http://${port.host}:${port.port}`;
    return {
      ...{ ...running, origin, forgive },
      visit: (path, as, options) => visit(`${origin}${path}`, { ...options, as: as === null ? null : people[as] }),
      visitAs: (path, person, options) => visit(`${origin}${path}`, { ...options, as: person }),
    };
  };
}
