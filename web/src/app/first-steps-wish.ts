import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const keyOf = (workspace: string) => `buildit.first-steps.${workspace}`;

export type Wish = 'dismissed' | 'wanted' | null;

function read(workspace: string): Wish {
  try {
    return localStorage.getItem(keyOf(workspace)) as Wish;
  } catch {
    return null;
  }
}

/** Puts the first steps away, or back (from the sheet of help), there also when all is done. */
export function wishFirstSteps(workspace: string, wish: 'dismissed' | 'wanted'): void {
  try {
    localStorage.setItem(keyOf(workspace), wish);
  } catch {
    // Then they are there again with the next load.
  }
  for (const listener of listeners) listener();
}

export function useWish(workspace: string): Wish {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(workspace),
  );
}
