import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { State } from '../../ui/state.ts';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../ui/status-look.ts';

interface RowProps {
  /** Of the row among all. */
  id: string;
  state: State;
  /** In place of the state's own word. */
  word?: string;
  href: string;
  object: ReactNode;
  /** One sentence. */
  reason: ReactNode;
  /** How old, at the right. */
  age: ReactNode;
  action?: ReactNode;
  /** What chooses it among several. */
  choice?: ReactNode;
  isChosen?: boolean;
  onFocus?: () => void;
}

/** State, object, why it is here, age, and what to do about it. */
export function Row(props: RowProps) {
  const {
    id,
    state,
    word = STATUS_LOOKS[state].word,
    href,
    object,
    reason,
    age,
    action,
    choice,
    isChosen,
    onFocus,
  } = props;
  return (
    <li
      data-row={id}
      tabIndex={-1}
      onFocus={onFocus}
      className={`relative flex min-h-11 items-center gap-3 border-b border-subtle px-4 py-1.5 text-13 -outline-offset-2 last:border-b-0 hover:bg-hover max-sm:flex-wrap ${
        isChosen ? 'bg-active' : ''
      }`}
    >
      {choice ? <span className="relative z-1 -mx-1 flex">{choice}</span> : null}
      <StatusIcon state={state} label={word} />
      <div className="flex min-w-0 flex-1 items-baseline gap-x-3 max-sm:basis-[calc(100%-68px)] max-sm:flex-col">
        <Link
          href={href}
          className="max-w-80 shrink-0 truncate rounded-4 font-medium text-1 no-underline after:absolute after:inset-0 hover:underline max-sm:max-w-full"
        >
          {object}
        </Link>
        <span className="min-w-0 truncate text-2 max-sm:max-w-full">{reason}</span>
      </div>
      <span className="shrink-0 text-12 text-2 max-sm:ml-7 max-sm:flex-1">{age}</span>
      {action ? <span className="relative flex shrink-0 items-center gap-2">{action}</span> : null}
    </li>
  );
}
