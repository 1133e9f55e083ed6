import { useSyncExternalStore } from 'react';

/** Whether the palette is open, and with which text it begins. */
let opened: { text: string } | null = null;
const listeners = new Set<() => void>();

export function openPalette(text = ''): void {
  opened = { text };
  for (const listener of listeners) listener();
}

export function closePalette(): void {
  opened = null;
  for (const listener of listeners) listener();
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
