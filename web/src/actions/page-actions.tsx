import { useEffect, useSyncExternalStore } from 'react';
import { useKey } from '../app/keys.ts';
import { bindActions, type Action, type BoundAction } from './action.ts';
import { useActionRunner } from './runner.tsx';

let shown: readonly BoundAction[] = [];
const listeners = new Set<() => void>();

function change(next: readonly BoundAction[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Actions of the page's object: their keys act, the sheet of keys lists them, the palette has them first. */
export function usePageActions<Subject>(actions: readonly Action<Subject>[], subject: Subject | null): BoundAction[] {
  const { run } = useActionRunner();
  const bound = subject === null ? [] : bindActions(actions, subject, run);
  useBoundActions(bound);
  return bound;
}

/** The same where what is acted on is now of one kind, now of another. */
export function useBoundActions(bound: readonly BoundAction[]): void {
  useEffect(() => change(bound));
  useEffect(() => () => change([]), []);
}

/** What {@link usePageActions} has made known. */
export function useShownActions(): readonly BoundAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}

/** Keys of what is shown, once, in the shell. */
export function ActionKeys() {
  return useShownActions().flatMap((action) =>
    action.key === null ? [] : [<ActionKey key={action.id} action={action} />],
  );
}

function ActionKey({ action }: { action: BoundAction }) {
  useKey({ keys: action.key ?? '', label: action.label, group: 'This page', run: action.run });
  return null;
}
