import { useEffect, useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** What `#part` names; as it stands where its percents are no escapes: `#100%`. */
export function readPart(hash: string): string {
  const part = hash.slice(1);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What was brought into view last. Several panels of a page look for the same name; it is not done for each of them. */
let shown: { name: string; found: WeakRef<HTMLElement> } | null = null;

/**
 * What `#part` of the address names on a page: a row, a field by its name, a panel. It is brought into view once it is
 * there; `isReady` says when.
 */
export function useLinked(isReady: boolean): string {
  const name = useSyncExternalStore(subscribe, () => readPart(location.hash));
  useEffect(() => {
    if (shown?.name !== name) shown = null;
    if (!isReady || name === '') return;
    const quoted = CSS.escape(name);
    const found = document.querySelector<HTMLElement>(`[data-row="${quoted}"], [name="${quoted}"], #${quoted}`);
    if (!found || shown?.found.deref() === found) return;
    shown = { name, found: new WeakRef(found) };
    found.scrollIntoView({ block: 'nearest' });
    found.focus({ preventScroll: true });
  }, [isReady, name]);
  return name;
}
