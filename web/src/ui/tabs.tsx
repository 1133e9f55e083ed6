import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Count } from './badge.tsx';

export interface Tab<Name extends string = string> {
  name: Name;
  label: string;
  /** Shown beside it; nothing for 0. */
  count?: number;
}

interface TabsProps<Name extends string> {
  /** What they are the tabs of, for assistive technology. */
  label: string;
  tabs: readonly Tab<Name>[];
  /** From the URL. */
  selected: Name;
  onSelect(name: Name): void;
  /** The panel of the one that is selected. */
  children: ReactNode;
  className?: string;
}

/** Tabs above their panel. Arrows move and select at once; which is selected stands in the URL (the caller's). */
export function Tabs<Name extends string>(props: TabsProps<Name>) {
  const { label, tabs, selected, onSelect, children, className = '' } = props;
  const list = useRef<HTMLDivElement>(null);
  const idOf = (name: string) => `tab-${name}`;
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (!tab) return;
    event.preventDefault();
    onSelect(tab.name);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(idOf(tab.name))}`)?.focus();
  };
  return (
    <div className={`flex min-h-0 min-w-0 flex-col ${className}`}>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-subtle"
      >
        {tabs.map(({ name, label: text, count }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={idOf(name)}
            aria-selected={name === selected}
            aria-controls={`${idOf(name)}-panel`}
            tabIndex={name === selected ? 0 : -1}
            onClick={() => onSelect(name)}
            className={`flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-2 text-13 font-medium -outline-offset-2 transition-colors duration-120 ${
              name === selected ? 'border-accent text-1' : 'border-transparent text-2 hover:text-1'
            }`}
          >
            {text}
            {count === undefined ? null : <Count value={count} />}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${idOf(selected)}-panel`}
        aria-labelledby={idOf(selected)}
        tabIndex={-1}
        className="min-h-0 min-w-0 flex-1"
      >
        {children}
      </div>
    </div>
  );
}
