import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const keyOf = (workspace: string) => `buildit.first-steps.${workspace}`;

function read(workspace: string): boolean {
  try {
    return localStorage.getItem(keyOf(workspace)) === 'dismissed';
  } catch {
    return false;
  }
}

/** Puts the first steps away, or back (from the sheet of help). */
export function dismissFirstSteps(workspace: string, isDismissed: boolean): void {
  try {
    if (isDismissed) localStorage.setItem(keyOf(workspace), 'dismissed');
    else localStorage.setItem(keyOf(workspace), 'wanted');
  } catch {
    // Then they are there again with the next load.
  }
  for (const listener of listeners) listener();
}

export function useIsDismissed(workspace: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(workspace),
  );
}
