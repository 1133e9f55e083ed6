import { House, KeyRound, List, ScrollText, ServerCog, Settings, Workflow, type LucideIcon } from 'lucide-react';
import type { MeObject } from '#core/rest-sign-in.ts';
import type { Place } from './place.ts';
import { hasPage, type Area } from './routes.ts';

/** An entry of the sidebar. */
export interface AreaEntry {
  area: Area;
  label: string;
  icon: LucideIcon;
  href: string;
  /** After `g`. */
  key: string;
}

const IN_WORKSPACE: readonly (Omit<AreaEntry, 'href'> & { path: string })[] = [
  { area: 'home', label: 'Home', icon: House, path: '', key: 'h' },
  { area: 'pipelines', label: 'Pipelines', icon: Workflow, path: '/pipelines', key: 'p' },
  { area: 'runs', label: 'Runs', icon: List, path: '/runs', key: 'u' },
  { area: 'secrets', label: 'Secrets', icon: KeyRound, path: '/secrets', key: 'e' },
  { area: 'audit', label: 'Audit', icon: ScrollText, path: '/audit', key: 'a' },
  { area: 'settings', label: 'Settings', icon: Settings, path: '/settings', key: ',' },
];

/** Where one can go from anywhere: what has a page, and may be seen. */
export function listAreas(me: MeObject, place: Place | null): AreaEntry[] {
  const entries = place
    ? IN_WORKSPACE.filter(
        ({ path, area }) =>
          hasPage(`/:org/:workspace${path}`) &&
          (area !== 'secrets' || place.may('secret:list')) &&
          (area !== 'audit' || place.may('audit:read')),
      ).map(({ path, ...entry }) => ({ ...entry, href: `${place.base}${path}` }))
    : [];
  const admin = me.isOperator && hasPage('/admin');
  return admin ? [...entries, { area: 'admin', label: 'Health', icon: ServerCog, href: '/admin', key: 'm' }] : entries;
}

/** The area of an address, for the entry that is marked. */
export function areaOf(path: string, entries: readonly AreaEntry[]): Area | null {
  // Home is the beginning of every address here, and is marked only where one is.
  const fits = entries.filter(({ href, area }) => path === href || (area !== 'home' && path.startsWith(`${href}/`)));
  return fits.toSorted((a, b) => b.href.length - a.href.length)[0]?.area ?? null;
}
