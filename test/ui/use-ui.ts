import type { Page } from 'playwright-core';
import { beforeAll } from 'vitest';
import type { TestPerson } from '#test/env/people.ts';
import { useServer, type TestServer } from '#test/env/use-server.ts';
import { buildWeb } from '#test/env/web.ts';
import { useBrowser, type TestBrowser, type VisitOptions } from './browser.ts';

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
  beforeAll(buildWeb);
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
