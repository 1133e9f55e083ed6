import { useEffect, useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/**
 * What `#part` of the address names on a page: a row, a field by its name, a panel. It is brought into view once it is
 * there; `isReady` says when.
 */
export function useLinked(isReady: boolean): string {
  const name = useSyncExternalStore(subscribe, () => decodeURIComponent(location.hash.slice(1)));
  useEffect(() => {
    if (!isReady || name === '') return;
    const quoted = CSS.escape(name);
    const found = document.querySelector<HTMLElement>(`[data-row="${quoted}"], [name="${quoted}"], #${quoted}`);
    found?.scrollIntoView({ block: 'nearest' });
    found?.focus({ preventScroll: true });
  }, [isReady, name]);
  return name;
}
