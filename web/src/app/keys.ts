import { useEffect, useRef } from 'react';
import { readPreference } from './preferences.ts';

/** A key, or two after one another (`g h`), with what it does: one line of the `?` sheet. */
export interface KeyBinding {
  keys: string;
  label: string;
  group: KeyGroup;
  /** False: it was of no use here, and the browser does with the key what it does. */
  run(): unknown;
}

export type KeyGroup = 'Everywhere' | 'Go to' | 'Lists' | 'This page';

const bindings = new Set<{ current: KeyBinding }>();
const SEQUENCE_MS = 1_200;

/** All that hold now; of two for the same keys the later, which is that of the page. */
export function listBindings(): KeyBinding[] {
  return [...new Map([...bindings].map(({ current }) => [current.keys, current])).values()];
}

/** Binds keys while the component is there. Null binds nothing. */
export function useKey(binding: KeyBinding | null): void {
  const current = useRef(binding);
  current.current = binding;
  const keys = binding?.keys ?? null;
  useEffect(() => {
    if (keys === null) return undefined;
    const entry = {
      get current(): KeyBinding {
        const { group = 'This page', label = '', run = () => {} } = current.current ?? {};
        return { keys, group, label, run };
      },
    };
    bindings.add(entry);
    return () => void bindings.delete(entry);
  }, [keys]);
}

let pending = { key: '', at: 0 };

/** Starts listening, once. Keys are off in fields, in dialogs, with modifiers, and where a person wants none. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
    if (readPreference('keys') === 'off') return;
    const isFollowing = event.timeStamp - pending.at < SEQUENCE_MS;
    const written = isFollowing && pending.key !== '' ? `${pending.key} ${event.key}` : event.key;
    pending = { key: '', at: 0 };
    const all = listBindings();
    const found = all.find(({ keys }) => keys === written) ?? all.find(({ keys }) => keys === event.key);
    if (found) {
      if (found.run() !== false) event.preventDefault();
    } else if (all.some(({ keys }) => keys.startsWith(`${event.key} `))) {
      pending = { key: event.key, at: event.timeStamp };
    }
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

function isTyping(event: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open], [popover]:popover-open:not([role=tooltip])')) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select');
}
