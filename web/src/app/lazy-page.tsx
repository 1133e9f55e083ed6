import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { ProblemError } from '../ui/describe-failure.ts';
import { ROUTES, type PageRoute } from './routes.ts';

const PATIENCE_MS = 10_000;

/** A page's code, loaded when it is first shown; a load that does not end is an error like any other. */
export const LAZY_PAGES: ReadonlyMap<PageRoute, LazyExoticComponent<ComponentType>> = new Map(
  ROUTES.map((route) => [route, lazy(() => loadWithin(route))]),
);

async function loadWithin(route: PageRoute): Promise<{ default: ComponentType }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(refuse('no-answer', 'the page could not be loaded within 10 seconds')),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([route.load(), tooLong]);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw refuse('page-gone', 'the page could not be loaded; the server may have been replaced by a newer one');
  } finally {
    clearTimeout(timer);
  }
}

function refuse(code: string, detail: string): ProblemError {
  return new ProblemError({
    ...{ type: 'about:blank', title: 'Not loaded', status: 0, requestId: '', retry: 'no', errors: [] },
    ...{ code, detail, hint: 'reload the page' },
  });
}
