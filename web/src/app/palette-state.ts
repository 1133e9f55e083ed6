import { useSyncExternalStore } from 'react';

/** Of a palette that is open: the text it begins with. */
let opened: { text: string } | null = null;
/** What has the focus when it goes. */
let from: Element | null = null;
const listeners = new Set<() => void>();

function set(next: { text: string } | null): void {
  opened = next;
  for (const listener of listeners) listener();
}

/** Opens the palette; while its code is still coming, changes the text it will begin with. */
export function openPalette(text = ''): void {
  if (!opened) from = document.activeElement;
  set({ text });
}

export function closePalette(): void {
  set(null);
}

/** Gives the focus back, once no dialog is before it any more. */
export function leavePalette(): void {
  if (from instanceof HTMLElement && from.isConnected) from.focus();
}

export function usePalette(): { text: string } | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => opened,
  );
}
