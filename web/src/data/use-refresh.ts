import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { createRefresh } from './refresh.ts';

/** Reads a list again because of what was told of it, when `mayMove` lets its rows come and go. */
export function useRefresh(queryKey: QueryKey, mayMove: () => boolean): () => void {
  const queries = useQueryClient();
  const present = useRef({ queryKey, mayMove });
  present.current = { queryKey, mayMove };
  const refresh = useRef<ReturnType<typeof createRefresh>>(undefined);
  refresh.current ??= createRefresh({
    mayRead: () =>
      queries.isFetching({ queryKey: present.current.queryKey, exact: true }) === 0 && present.current.mayMove(),
    read: () => void queries.invalidateQueries({ queryKey: present.current.queryKey, exact: true }),
  });
  useEffect(() => () => refresh.current?.stop(), []);
  return refresh.current.ask;
}
