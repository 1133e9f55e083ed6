import { useQuery } from '@tanstack/react-query';
import type { Page } from '#core/rest.ts';
import { get, type Query } from './http.ts';
import { readNamed } from './read-named.ts';

/** A list that is not live: read once, again when the page is looked at, and after a write. */
export function useList<Item>(path: string, query: Query = {}, isEnabled = true) {
  return useQuery({
    queryKey: ['list', path, query],
    queryFn: ({ signal }) => get<Page<Item>>(path, query, signal),
    refetchOnWindowFocus: true,
    enabled: isEnabled,
  });
}

/** What an organization has of a kind, the newest first; with a `name` that one alone, however old it is. */
export function useNamedList<Item>(path: 'members' | 'teams', organization: string, name: string | null) {
  const query = { organization, limit: 200 };
  return useQuery({
    queryKey: ['list', path, name === null ? query : { organization, name }],
    queryFn: ({ signal }) =>
      name === null
        ? get<Page<Item>>(path, query, signal)
        : readNamed<Item>(`${path}/${encodeURIComponent(`${organization}/${name}`)}`, signal),
    refetchOnWindowFocus: true,
  });
}
