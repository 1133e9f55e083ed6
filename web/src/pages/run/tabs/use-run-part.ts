import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RunObject } from '#core/rest.ts';

/** A part of a run that goes on is asked for so often at most, ms. */
const EVERY_MS = 2_000;

interface RunPart<Data> {
  name: string;
  run: Pick<RunObject, 'id' | 'seq'>;
  /** What else decides what is read. */
  of?: readonly (string | null)[];
  /** How much of it is wanted: what there was stays while more is read. */
  pages?: number;
  load(signal: AbortSignal, known: Data | undefined): Promise<Data>;
}

/** What a run has besides its states; asked for anew when the run has gone on, and what was read stays meanwhile. */
export function useRunPart<Data>({ name, run, of = [], pages = 1, load }: RunPart<Data>): UseQueryResult<Data> {
  const key = [name, run.id, ...of];
  const queryKey = [...key, pages];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal, client }) => load(signal, client.getQueryData<Data>(queryKey)),
    placeholderData: (old, before) =>
      JSON.stringify(before?.queryKey.slice(0, -1)) === JSON.stringify(key) ? old : undefined,
  });
  const { dataUpdatedAt, errorUpdatedAt, isFetching, refetch } = query;
  /** The state of the run for which it was asked; null of what was read before this was on the page. */
  const askedFor = useRef(dataUpdatedAt === 0 ? run.seq : null);
  useEffect(() => {
    if (isFetching || askedFor.current === run.seq) return undefined;
    const ask = () => {
      askedFor.current = run.seq;
      void refetch();
    };
    const timer = setTimeout(ask, Math.max(0, Math.max(dataUpdatedAt, errorUpdatedAt) + EVERY_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [run.seq, isFetching, dataUpdatedAt, errorUpdatedAt, refetch]);
  return query;
}
