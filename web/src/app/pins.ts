import { useSyncExternalStore } from 'react';
import type { Visit } from './palette/recent.ts';

/** A page that a person keeps at hand, in this browser (UI §3). */
export type Pin = Omit<Visit, 'at'>;

const KEY = 'buildit.pins';
const MOST = 20;
const listeners = new Set<() => void>();
let written = '';
let pins: readonly Pin[] = [];

/** In the order in which they were pinned; another tab may have changed them. */
function read(): readonly Pin[] {
  try {
    const text = localStorage.getItem(KEY) ?? '[]';
    if (text === written) return pins;
    const parsed: Pin[] = JSON.parse(text);
    written = text;
    pins = parsed;
  } catch {
    // Then nothing is kept.
  }
  return pins;
}

/** Pins a page, or takes its pin away. */
export function togglePin(pin: Pin): void {
  const others = read().filter(({ href }) => href !== pin.href);
  const next = others.length < read().length ? others : [...others, pin].slice(-MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

export function isPinned(href: string): boolean {
  return read().some((pin) => pin.href === href);
}

export function usePins(): readonly Pin[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    window.addEventListener('storage', listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener('storage', listener);
    };
  }, read);
}
