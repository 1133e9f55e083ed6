import { useQuery } from '@tanstack/react-query';
import type { Page } from '#core/rest.ts';
import { get, type Query } from './http.ts';

/** A list that is not live: read once, again when the page is looked at, and after a write. */
export function useList<Item>(path: string, query: Query = {}, isEnabled = true) {
  return useQuery({
    queryKey: ['list', path, query],
    queryFn: ({ signal }) => get<Page<Item>>(path, query, signal),
    refetchOnWindowFocus: true,
    enabled: isEnabled,
  });
}
