import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** How long a guess stands without a word of the server. */
const CONFIRM_MS = 5_000;

export interface Guess {
  /** The server refused: what was there is back. */
  undo(): void;
  /** The server accepted; its own object takes the guess's place, or has already. */
  keep(): void;
}

/**
 * Shows what a change will look like before the server has answered. `onSilent` is called when neither an event nor an
 * answer has come in time.
 */
export function guess<Data extends { seq: number }>(
  queries: QueryClient,
  key: QueryKey,
  change: (data: Data) => Data,
  onSilent: () => void,
): Guess {
  const before = queries.getQueryData<Data>(key);
  if (before) queries.setQueryData<Data>(key, change(before));
  const isStill = () => queries.getQueryData<Data>(key)?.seq === before?.seq;
  const timer = setTimeout(() => {
    if (!isStill()) return;
    void queries.invalidateQueries({ queryKey: key });
    onSilent();
  }, CONFIRM_MS);
  return {
    undo() {
      clearTimeout(timer);
      // An event that came meanwhile knows better than either.
      if (before && isStill()) queries.setQueryData<Data>(key, before);
    },
    keep: () => clearTimeout(timer),
  };
}
