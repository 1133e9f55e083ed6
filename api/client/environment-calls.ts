import type { EnvironmentObject } from '#core/rest-environments.ts';
import type { InboxObject } from '#core/rest-inbox.ts';
import { toQuery, type Http } from './http.ts';

/** Environments of a server by id or name, and what waits there for the caller. */
export function environmentCalls({ get, list, write }: Http) {
  const path = (environment: string, workspace: string | null, part = '') =>
    `environments/${encodeURIComponent(environment)}${part}${toQuery({ workspace })}`;
  return {
    listEnvironments: (workspace: string | null) => list<EnvironmentObject>(`environments${toQuery({ workspace })}`),
    getEnvironment: (environment: string, workspace: string | null) =>
      get<EnvironmentObject>(path(environment, workspace)),
    lockEnvironment: (environment: string, workspace: string | null, reason: string) =>
      write<EnvironmentObject>('POST', path(environment, workspace, '/lock'), { reason }),
    unlockEnvironment: (environment: string, workspace: string | null, reason: string) =>
      write<EnvironmentObject>('POST', path(environment, workspace, '/unlock'), { reason }),
    getInbox: () => get<InboxObject>('me/inbox'),
  };
}
