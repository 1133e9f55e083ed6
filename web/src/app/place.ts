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
  return found ? toPlace(found) : null;
}

function toPlace(found: WorkspaceRef): Place {
  return { ...found, base: `/${found.path}`, may: (action) => found.actions.includes(action) };
}

/** The same, and where the page is of no workspace (of the organization, of the person) the last one: the way back. */
export function useNearestPlace(): Place | null {
  const place = usePlace();
  const [address] = useLocation();
  const { data } = useMe();
  if (place || !data) return place;
  const [, first, second] = address.split('/');
  const all = listWorkspaces(data);
  const near = second === 'settings' ? all.filter(({ organization }) => organization === first) : all;
  const isOfNone = ['settings', 'admin'].includes(first ?? '') || second === 'settings';
  const last = isOfNone ? chooseWorkspace(near) : null;
  return last && toPlace(last);
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
