import type { ComponentType } from 'react';

/** Parts of the interface; those with a page of their own at `/:org/:workspace/AREA` stand in the sidebar. */
export type Area = 'home' | 'pipelines' | 'runs' | 'secrets' | 'audit' | 'settings' | 'admin' | 'me';

export interface PageRoute {
  /** As wouter writes it. */
  path: string;
  area: Area;
  /** The module's default export is the page: it reads its parameters from the address. */
  load(): Promise<{ default: ComponentType }>;
}

/** Every page, the more special address first. One chunk each. */
export const ROUTES: readonly PageRoute[] = [
  {
    path: '/:org/:workspace/pipelines/:pipeline/runs/:number/*?',
    area: 'runs',
    load: () => import('../pages/run/run-page.tsx'),
  },
  { path: '/:org/:workspace', area: 'home', load: () => import('../pages/home/home-page.tsx') },
];

/** Whether there is a page at an address; a way to it is shown only then. */
export function hasPage(path: string): boolean {
  return ROUTES.some((route) => route.path === path);
}
