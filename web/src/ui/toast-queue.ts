/** Toasts that are shown at a time (UI §2). */
export const MOST_SHOWN = 3;

interface Queued {
  kind: 'done' | 'error';
}

/** With one more: of those that say what was done the oldest goes, an error never does. */
export function admitToast<Toast extends Queued>(kept: readonly Toast[], next: Toast): Toast[] {
  const all = [...kept, next];
  const done = all.filter(({ kind }) => kind === 'done');
  const [oldest] = done;
  return done.length > MOST_SHOWN ? all.filter((toast) => toast !== oldest) : all;
}

/** Those that are shown, in the order in which they came: errors first come to it, the rest as far as there is room. */
export function chooseShown<Toast extends Queued>(kept: readonly Toast[]): Toast[] {
  const errors = kept.filter(({ kind }) => kind === 'error').slice(0, MOST_SHOWN);
  const room = MOST_SHOWN - errors.length;
  const done = room === 0 ? [] : kept.filter(({ kind }) => kind === 'done').slice(-room);
  return kept.filter((toast) => errors.includes(toast) || done.includes(toast));
}
