import type { ComponentType } from 'react';

/** Parts of the interface; those with a page of their own at `/:org/:workspace/AREA` stand in the sidebar. */
export type Area = 'home' | 'pipelines' | 'runs' | 'secrets' | 'audit' | 'settings' | 'admin' | 'me';

export interface PageRoute {
  /** As wouter writes it. */
  path: string;
  area: Area;
  /** Of a settings page: how people find it by a search. Its path has no object in it. */
  label?: string;
  /** The module's default export is the page: it reads its parameters from the address. */
  load(): Promise<{ default: ComponentType }>;
}

/** Every page, the more special address first. One chunk each. */
export const ROUTES: readonly PageRoute[] = [
  {
    path: '/:org/:workspace/pipelines/:pipeline/compare',
    area: 'runs',
    load: () => import('../pages/compare/compare-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline/runs/:number/*?',
    area: 'runs',
    load: () => import('../pages/run/run-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline/edit',
    area: 'pipelines',
    load: () => import('../pages/pipeline/edit/edit-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline/settings/general',
    area: 'pipelines',
    load: () => import('../pages/pipeline/settings/general-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline/settings/triggers',
    area: 'pipelines',
    load: () => import('../pages/pipeline/settings/triggers-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline/settings/env',
    area: 'pipelines',
    load: () => import('../pages/pipeline/settings/env-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline/settings/caches',
    area: 'pipelines',
    load: () => import('../pages/pipeline/settings/caches-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline/settings/access',
    area: 'pipelines',
    load: () => import('../pages/pipeline/settings/access-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines/:pipeline',
    area: 'pipelines',
    load: () => import('../pages/pipeline/pipeline-page.tsx'),
  },
  {
    path: '/:org/:workspace/pipelines',
    area: 'pipelines',
    load: () => import('../pages/pipelines/pipelines-page.tsx'),
  },
  {
    path: '/:org/:workspace/secrets/:secret',
    area: 'secrets',
    load: () => import('../pages/secrets/secret-page.tsx'),
  },
  {
    path: '/:org/:workspace/secrets',
    area: 'secrets',
    load: () => import('../pages/secrets/secrets-page.tsx'),
  },
  { path: '/:org/:workspace/audit', area: 'audit', load: () => import('../pages/audit/audit-page.tsx') },
  { path: '/:org/:workspace/runs', area: 'runs', load: () => import('../pages/runs/runs-page.tsx') },
  {
    ...{ path: '/:org/:workspace/settings/members', area: 'settings', label: 'Members of the workspace' },
    load: () => import('../pages/settings/members-page.tsx'),
  },
  {
    ...{ path: '/:org/:workspace/settings/tokens', area: 'settings', label: 'API tokens' },
    load: () => import('../pages/settings/tokens-page.tsx'),
  },
  {
    ...{ path: '/:org/:workspace/settings/quotas', area: 'settings', label: 'Quotas' },
    load: () => import('../pages/settings/quotas-page.tsx'),
  },
  {
    ...{ path: '/:org/:workspace/settings', area: 'settings', label: 'Settings of the workspace' },
    load: () => import('../pages/settings/workspace-page.tsx'),
  },
  {
    ...{ path: '/:org/settings/members', area: 'settings', label: 'Members of the organization' },
    load: () => import('../pages/organization/organization-members-page.tsx'),
  },
  {
    ...{ path: '/:org/settings/teams', area: 'settings', label: 'Teams' },
    load: () => import('../pages/organization/teams-page.tsx'),
  },
  {
    ...{ path: '/:org/settings/roles', area: 'settings', label: 'Roles' },
    load: () => import('../pages/organization/roles-page.tsx'),
  },
  {
    ...{ path: '/:org/settings', area: 'settings', label: 'Settings of the organization' },
    load: () => import('../pages/organization/organization-page.tsx'),
  },
  {
    ...{ path: '/settings', area: 'me', label: 'Your settings' },
    load: () => import('../pages/mine/mine-page.tsx'),
  },
  {
    ...{ path: '/admin', area: 'admin', label: 'Health' },
    load: () => import('../pages/admin/admin-page.tsx'),
  },
  { path: '/:org/:workspace', area: 'home', load: () => import('../pages/home/home-page.tsx') },
];

/** Whether there is a page at an address; a way to it is shown only then. */
export function hasPage(path: string, routes: readonly Pick<PageRoute, 'path'>[] = ROUTES): boolean {
  return routes.some((route) => toPattern(route.path).test(path));
}

/** Addresses of a route: `:name` is any part, `?` after it says that it may be missing, `*` is any number of parts. */
function toPattern(path: string): RegExp {
  const parts = path.split('/').filter((part) => part !== '');
  const patterns = parts.map((part) => {
    const inner = part.startsWith('*') ? '/.*' : part.startsWith(':') ? '/[^/]+' : `/${part}`;
    return part.endsWith('?') ? `(?:${inner})?` : inner;
  });
  return new RegExp(`^${patterns.join('')}$`);
}

/** Settings pages with their addresses here. */
export function listLabelledPages(
  base: string | null,
  organization: string | null,
  isOperator: boolean,
): { href: string; label: string }[] {
  return ROUTES.flatMap(({ path, label, area }) => {
    if (label === undefined || (area === 'admin' && !isOperator)) return [];
    if (path.startsWith('/:org/:workspace/')) {
      return base === null ? [] : [{ href: path.replace('/:org/:workspace', base), label }];
    }
    if (path.startsWith('/:org/'))
      return organization === null ? [] : [{ href: path.replace(':org', organization), label }];
    return [{ href: path, label }];
  });
}
