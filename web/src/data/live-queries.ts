import { useQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { hurryStream, POLL_AFTER_TRIES, useConnection } from './stream.ts';

const POLL_MS = 5_000;

interface LiveQuery<Data> {
  key: QueryKey;
  load(signal: AbortSignal): Promise<Data>;
  isEnabled?: boolean;
  /** What is there stays until the new is, while no more than the end of the key changes: from the third part on. */
  isKept?: boolean;
}

/** Whether the stream is gone for good enough that pages ask for themselves. */
export function useIsPolling(): boolean {
  const connection = useConnection();
  return connection.kind === 'lost' && connection.tries >= POLL_AFTER_TRIES;
}

/** A snapshot that the stream keeps up to date; while there is no stream it is asked for every five seconds. */
export function useLiveQuery<Data>({
  key,
  load,
  isEnabled = true,
  isKept = false,
}: LiveQuery<Data>): UseQueryResult<Data> {
  const isPolling = useIsPolling();
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const data = await load(signal);
      hurryStream();
      return data;
    },
    enabled: isEnabled,
    placeholderData: (old, before) => (isKept && before?.queryKey[1] === key[1] ? old : undefined),
    refetchInterval: isPolling ? POLL_MS : false,
    // A tab that comes back resumes by its cursor; it need not ask for everything.
    refetchOnWindowFocus: isPolling,
  });
}
