import { hasPage } from './routes.ts';

/** The nearest address above that has a page; the first page where none has. */
export function findParent(path: string): string {
  // Parts of a run are no pages without it.
  const whole = path.replace(/(\/runs\/[^/]+)\/.*$/, '$1');
  for (let above = whole.replace(/\/[^/]*$/, ''); above !== ''; above = above.replace(/\/[^/]*$/, '')) {
    if (hasPage(above)) return above;
  }
  return '/';
}

/** What somebody was after: a run's number as one, else the last name in the address. */
export function soughtIn(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  const run = parts[parts.indexOf('runs') + 1];
  if (parts.includes('runs') && run !== undefined) return `#${/^\d+/.exec(run)?.[0] ?? run}`;
  try {
    return decodeURIComponent(parts.at(-1) ?? '');
  } catch {
    return parts.at(-1) ?? '';
  }
}
