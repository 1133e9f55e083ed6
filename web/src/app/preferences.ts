import { useSyncExternalStore } from 'react';

/** What a person has chosen for this browser, with what holds otherwise (UI §1.5). */
const DEFAULTS = {
  theme: 'system',
  keys: 'on',
  clock: 'local',
  sidebar: 'wide',
} as const satisfies Record<string, string>;

interface Preferences {
  theme: 'system' | 'dark' | 'light';
  keys: 'on' | 'off';
  clock: 'local' | 'utc';
  sidebar: 'wide' | 'narrow';
}

const listeners = new Set<() => void>();

export function readPreference<Name extends keyof Preferences>(name: Name): Preferences[Name] {
  try {
    return (localStorage.getItem(`buildit.${name}`) ?? DEFAULTS[name]) as Preferences[Name];
  } catch {
    // Some browsers forbid it; then nothing is kept.
    return DEFAULTS[name];
  }
}

export function writePreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  try {
    localStorage.setItem(`buildit.${name}`, value);
  } catch {
    // As above.
  }
  if (name === 'theme') applyTheme();
  for (const listener of listeners) listener();
}

export function usePreference<Name extends keyof Preferences>(name: Name): Preferences[Name] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => readPreference(name),
  );
}

/** As the script in the page does it before the first paint. */
function applyTheme(): void {
  const theme = readPreference('theme');
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
