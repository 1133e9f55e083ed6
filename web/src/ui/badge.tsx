import type { ReactNode } from 'react';
import type { State } from './state.ts';
import { StatusIcon } from './status-icon.tsx';
import { STATUS_LOOKS, type Hue } from './status-look.ts';

const SHAPE = 'inline-flex h-5 max-w-full items-center gap-1 rounded-4 px-1.5 text-12 font-medium whitespace-nowrap';

/** State of an object: icon, word and tint. `word` replaces the state's own, as in "Attempt 2 of 3". */
export function StatusBadge({ state, word }: { state: State; word?: ReactNode }) {
  const look = STATUS_LOOKS[state];
  return (
    <span data-hue={look.hue} className={`${SHAPE} bg-hue-tint text-hue-text`}>
      <StatusIcon state={state} size={14} />
      <span className="truncate">{word ?? look.word}</span>
    </span>
  );
}

/** A word beside an object: `Sample`, `from attempt 1`. */
export function Badge({ children, hue, title }: { children: ReactNode; hue?: Hue; title?: string }) {
  return (
    <span
      data-hue={hue}
      title={title}
      className={`${SHAPE} ${hue ? 'bg-hue-tint text-hue-text' : 'border border-subtle text-2'}`}
    >
      <span className="truncate">{children}</span>
    </span>
  );
}

/** How many: in tabs, menu entries, group heads. Nothing for 0. */
export function Count({ value, label }: { value: number; label?: string }) {
  if (value === 0) return null;
  return (
    <span className="tabular inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-hover px-1 text-12 text-2">
      {value > 999 ? '999+' : value}
      {label ? <span className="sr-only"> {label}</span> : null}
    </span>
  );
}
