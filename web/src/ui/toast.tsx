import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { Button, IconButton } from './button.tsx';
import { admitToast, chooseShown, MOST_SHOWN } from './toast-queue.ts';

/** A word about something that happened elsewhere on the page; the object itself shows it too. */
export interface Toast {
  kind: 'done' | 'error';
  text: string;
  hint?: string | null;
  act?: { label: string; run(): void };
}

interface ShownToast extends Toast {
  id: number;
}

const SHOWN_MS = 6_000;
/** With an act, as Undo, people get longer. */
const SHOWN_WITH_ACT_MS = 10_000;

let kept: readonly ShownToast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly ShownToast[]): void {
  kept = next;
  for (const listener of listeners) listener();
}

/** Shows a toast, an error as soon as there is room for it. */
export function showToast(toast: Toast): void {
  lastId += 1;
  change(admitToast(kept, { ...toast, id: lastId }));
}

function closeToast(id: number): void {
  change(kept.filter((toast) => toast.id !== id));
}

/** Where toasts appear: once, in the shell. */
export function Toasts() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => kept,
  );
  const hidden = Math.max(0, toasts.filter(({ kind }) => kind === 'error').length - MOST_SHOWN);
  return (
    <div className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-90 max-w-[calc(100vw-32px)] flex-col gap-2">
      {chooseShown(toasts).map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
      {hidden > 0 ? (
        <p role="status" className="self-end rounded-4 bg-overlay px-2 text-12 text-2 shadow-overlay">
          {hidden} more {hidden === 1 ? 'error' : 'errors'}
        </p>
      ) : null}
    </div>
  );
}

function OneToast({ toast }: { toast: ShownToast }) {
  const { id, kind, text, hint, act } = toast;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hold = () => clearTimeout(timer.current);
  const release = () => {
    hold();
    // An error stays until somebody has closed it.
    if (kind === 'done') timer.current = setTimeout(() => closeToast(id), act ? SHOWN_WITH_ACT_MS : SHOWN_MS);
  };
  useEffect(() => {
    release();
    return hold;
    // Its content never changes.
  }, []);
  const Icon = kind === 'done' ? CircleCheck : CircleAlert;
  return (
    <div
      role={kind === 'done' ? 'status' : 'alert'}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
      className="pointer-events-auto flex items-start gap-2 rounded-8 bg-overlay py-2 pr-2 pl-3 text-13 shadow-overlay"
    >
      <Icon size={16} aria-hidden className={`mt-1 shrink-0 ${kind === 'done' ? 'text-success' : 'text-error'}`} />
      <div className="min-w-0 flex-1 py-0.5">
        <p className="break-words">{text}</p>
        {hint ? <p className="text-12 text-2">{hint}</p> : null}
      </div>
      {act ? (
        <Button
          size="dense"
          onClick={() => {
            closeToast(id);
            act.run();
          }}
        >
          {act.label}
        </Button>
      ) : null}
      <IconButton size="dense" icon={X} label="Close" onClick={() => closeToast(id)} />
    </div>
  );
}
