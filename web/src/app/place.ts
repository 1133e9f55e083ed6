import { useLocation } from 'wouter';
import type { WorkspaceAction } from '#core/permission.ts';
import { listWorkspaces, useMe, type WorkspaceRef } from '../data/me.ts';

/** The workspace that the address names. */
export interface Place extends WorkspaceRef {
  /** Address below which its pages are: `/acme/shop`. */
  base: string;
  may(action: WorkspaceAction): boolean;
}

/** Where the page is; null where the address names no workspace the caller may see. */
export function usePlace(): Place | null {
  // The shell asks too, which is outside of every route.
  const [address] = useLocation();
  const [, organization, workspace] = address.split('/');
  const { data } = useMe();
  const found = data && listWorkspaces(data).find(({ path }) => path === `${organization}/${workspace}`);
  if (!found) return null;
  return { ...found, base: `/${found.path}`, may: (action) => found.actions.includes(action) };
}

/** The same where the router has made sure of it. */
export function useWorkspace(): Place {
  const place = usePlace();
  if (!place) throw new Error('the page belongs to no workspace');
  return place;
}

const LAST = 'buildit.workspace';

/** The workspace to begin with: the last one, else the first. */
export function chooseWorkspace(all: readonly WorkspaceRef[]): WorkspaceRef | null {
  let last: string | null = null;
  try {
    last = localStorage.getItem(LAST);
  } catch {
    // Kept by a browser that allows it.
  }
  return all.find(({ path }) => path === last) ?? all[0] ?? null;
}

export function rememberWorkspace(path: string): void {
  try {
    localStorage.setItem(LAST, path);
  } catch {
    // As above.
  }
}
