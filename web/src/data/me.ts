import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { WorkspaceAction } from '#core/permission.ts';
import type { MeObject } from '#core/rest-sign-in.ts';
import { get, write } from './http.ts';
import { tellSignedIn } from './session-news.ts';

const KEY = ['me'] as const;

export function useMe() {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<MeObject>('me', {}, signal), staleTime: 60_000 });
}

/** Signs in again, for the dialog over a page whose session has ended. */
export function useSignIn() {
  const queries = useQueryClient();
  return async (login: string, password: string): Promise<void> => {
    const { body } = await write<MeObject>('POST', 'session', { login, password });
    takeOver(queries, body);
    tellSignedIn();
  };
}

/** Asks whether another tab has signed in again meanwhile; null while nobody is. */
export function useSignedInElsewhere() {
  const queries = useQueryClient();
  return async (): Promise<MeObject | null> => {
    const me = await get<MeObject>('me').catch(() => null);
    if (me) takeOver(queries, me);
    return me;
  };
}

function takeOver(queries: QueryClient, me: MeObject): void {
  const before = queries.getQueryData<MeObject>(KEY);
  // Another person must not see what the first had read.
  if (before && before.actor !== me.actor) location.reload();
  queries.setQueryData(KEY, me);
  // Who has signed in goes on at once; what the page shows comes anew by itself. What was asked for before is not waited
  // for: its refusal would ask for another sign-in.
  void queries.cancelQueries().then(() => queries.invalidateQueries());
}

/** A workspace that the caller may read, as its address has it: `acme/shop`. */
export interface WorkspaceRef {
  id: string;
  path: string;
  organization: string;
  name: string;
  actions: readonly WorkspaceAction[];
}

export function listWorkspaces(me: MeObject): WorkspaceRef[] {
  return me.organizations.flatMap(({ name: organization, workspaces }) =>
    workspaces.map(({ id, name, actions }) => ({ id, path: `${organization}/${name}`, organization, name, actions })),
  );
}
