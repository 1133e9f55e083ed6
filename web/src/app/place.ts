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

const RECENT = 'buildit.workspaces';
const MOST_RECENT = 10;

/** Paths of the workspaces that were looked at, the last one first. */
function listRecentWorkspaces(): readonly string[] {
  try {
    const recent: string[] = JSON.parse(localStorage.getItem(RECENT) ?? '[]');
    return recent;
  } catch {
    // Kept by a browser that allows it.
    return [];
  }
}

/** The workspace to begin with: the last one that is there still, else the first. */
export function chooseWorkspace(all: readonly WorkspaceRef[]): WorkspaceRef | null {
  return sortByRecent(all)[0] ?? null;
}

/** Those that were looked at, the last first, then the others in their order. */
export function sortByRecent(all: readonly WorkspaceRef[]): WorkspaceRef[] {
  const recent = listRecentWorkspaces();
  const placeOf = ({ path }: WorkspaceRef) => (recent.includes(path) ? recent.indexOf(path) : recent.length);
  return all.toSorted((a, b) => placeOf(a) - placeOf(b));
}

export function rememberWorkspace(path: string): void {
  const others = listRecentWorkspaces().filter((one) => one !== path);
  try {
    localStorage.setItem(RECENT, JSON.stringify([path, ...others].slice(0, MOST_RECENT)));
  } catch {
    // As above.
  }
}
