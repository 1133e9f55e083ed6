import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { closePalette } from '../palette-state.ts';
import { EntryRow } from './entry-row.tsx';
import type { PaletteEntry, PaletteSection } from './entry.ts';
import { PaletteFrame } from './palette-frame.tsx';
import { useObjectActions } from './use-object-actions.ts';
import { useSections } from './use-sections.ts';

/** `Ctrl/Cmd K`: everything by a few letters (UI §3). */
export default function Palette({ me, text: initial }: { me: MeObject; text: string }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [, go] = useLocation();
  const [text, setText] = useState(initial);
  const [at, setAt] = useState<string | null>(null);
  const [opened, setOpened] = useState<PaletteEntry | null>(null);
  const found = useSections(me, text);
  const own = useObjectActions(opened);
  const sections: readonly PaletteSection[] = opened
    ? [{ title: opened.label, entries: [...(opened.more ?? []), ...own] }]
    : found.sections;
  const entries = sections.flatMap((section) => section.entries);
  // By what it is: what comes later moves nobody to another row.
  const current = entries.find(({ id: one }) => one === at) ?? entries[0];

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, opened]);

  const take = (entry: PaletteEntry | undefined) => {
    if (!entry || entry.no !== undefined) return;
    closePalette();
    if (entry.does.kind === 'go') return go(entry.does.href);
    // After the dialog has given the focus back: an act may open one of its own.
    const { run } = entry.does;
    setTimeout(run);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    const isAtEnd = input.selectionStart === text.length && input.selectionEnd === text.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const index = current ? entries.indexOf(current) : 0;
      setAt(entries.at((index + step) % Math.max(1, entries.length))?.id ?? null);
    } else if (event.key === 'Enter') take(current);
    else if (event.key === 'ArrowRight' && isAtEnd && !opened && current?.more?.length) {
      setOpened(current);
      setAt(null);
    } else if (opened && (event.key === 'ArrowLeft' || (event.key === 'Backspace' && text === ''))) {
      setOpened(null);
      setAt(null);
    } else if (opened && event.key === 'Backspace') setOpened(null);
    else return;
    event.preventDefault();
  };
  return (
    <PaletteFrame
      role="combobox"
      aria-expanded
      aria-controls={`${id}-list`}
      aria-activedescendant={current ? `${id}-${entries.indexOf(current)}` : undefined}
      aria-autocomplete="list"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        setOpened(null);
        setAt(null);
      }}
      onKeyDown={onKeyDown}
    >
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Results"
        className="max-h-[50vh] overflow-y-auto p-2"
      >
        {sections.map(({ title, entries: rows }) => (
          <div key={title} role="group" aria-label={title} className="border-subtle not-first:mt-1 not-first:border-t">
            <div aria-hidden className="px-2 pt-2 pb-1 text-12 font-medium text-2">
              {title}
            </div>
            {rows.map((entry) => (
              <EntryRow
                key={entry.id}
                id={`${id}-${entries.indexOf(entry)}`}
                entry={entry}
                isCurrent={entry === current}
                onPoint={() => setAt(entry.id)}
                onTake={() => take(entry)}
              />
            ))}
          </div>
        ))}
      </div>
      {entries.length === 0 ? (
        <p role="status" className="px-4 pb-4 text-13 text-2">
          {found.isAsking ? 'Asking the server…' : text === '@' ? 'Type a part of a name.' : 'Nothing fits.'}
        </p>
      ) : null}
      <p aria-hidden className="border-t border-subtle px-4 py-2 text-12 text-2 max-sm:hidden">
        ↑ ↓ choose · Enter {opened ? 'do it · Backspace back' : 'open · → more'} · Esc close
      </p>
    </PaletteFrame>
  );
}
