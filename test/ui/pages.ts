import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** As text: the table itself brings every page's code with it. */
const TABLE = readFileSync(resolve(import.meta.dirname, '../../web/src/app/routes.ts'), 'utf8');
const ROUTES = [...TABLE.matchAll(/\bpath: '([^']+)'/g)].map(([, path = '']) => path);

/** What stands for the parameters of an address: `fillPages` has put it there. */
const VALUES: Readonly<Record<string, string>> = {
  ...{ org: 'acme', workspace: 'shop', pipeline: 'walked', number: '1', secret: 'WALKED' },
};
/** What a page needs besides its address to show anything. */
const QUERIES: readonly [RegExp, string][] = [[/\/compare$/, '?base=1&head=2']];

/** An address of every page, from the table of routes; in another workspace when one is named. */
export function listPages(workspace = 'shop'): string[] {
  return ROUTES.map((route) => {
    const parts = route.split('/').filter((part) => part !== '' && !part.endsWith('?'));
    const path = `/${parts.map((part) => fill(part, workspace, route)).join('/')}`;
    return path + (QUERIES.find(([pattern]) => pattern.test(path))?.[1] ?? '');
  });
}

/** A share of the pages: all of them take four minutes of two cores. */
const SHARES = 6;

/**
 * The pages that are held against a check of every page now: another sixth each day, all of them with
 * `BUILDIT_EVERY_PAGE=1`.
 */
export function listPagesOfToday(workspace = 'shop'): string[] {
  const pages = listPages(workspace);
  if (process.env['BUILDIT_EVERY_PAGE'] === '1') return pages;
  const day = Math.floor(Date.now() / 86_400_000);
  return pages.filter((_, index) => index % SHARES === day % SHARES);
}

function fill(part: string, workspace: string, route: string): string {
  if (!part.startsWith(':')) return part;
  const value = part === ':workspace' ? workspace : VALUES[part.slice(1)];
  if (value === undefined) throw new Error(`test/ui/pages.ts has no value for ${part} of ${route}`);
  return value;
}

/** Pages of the server, besides those of the interface. */
const SERVED = /^\/(api|login|logout|docs)(\/|$)/;
const PATTERNS = ROUTES.map((path) => {
  const parts = path.split('/').filter((part) => part !== '');
  const patterns = parts.map((part) => {
    const inner = part.startsWith('*') ? '/.*' : part.startsWith(':') ? '/[^/]+' : `/${part}`;
    return part.endsWith('?') ? `(?:${inner})?` : inner;
  });
  return new RegExp(`^${patterns.join('')}$`);
});

/** Whether an address of the server is one of a page, of the interface or its own. */
export function leadsToPage(path: string): boolean {
  return path === '/' || SERVED.test(path) || isOfInterface(path);
}

/** Whether an address is shown by the interface itself, without a load. */
export function isOfInterface(path: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(path));
}
