import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { closePalette } from '../palette-state.ts';
import { EntryRow } from './entry-row.tsx';
import type { PaletteEntry, PaletteSection } from './entry.ts';
import { PaletteFrame } from './palette-frame.tsx';
import { useSections } from './use-sections.ts';

/** `Ctrl/Cmd K`: everything by a few letters (UI §3). */
export default function Palette({ me, text: initial }: { me: MeObject; text: string }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [, go] = useLocation();
  const [text, setText] = useState(initial);
  const [at, setAt] = useState(0);
  const [opened, setOpened] = useState<PaletteEntry | null>(null);
  const found = useSections(me, text);
  const sections: readonly PaletteSection[] = opened ? [{ title: opened.label, entries: opened.more ?? [] }] : found;
  const entries = sections.flatMap((section) => section.entries);
  const current = entries[Math.min(at, entries.length - 1)];

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
      setAt((Math.min(at, entries.length - 1) + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') take(current);
    else if (event.key === 'ArrowRight' && isAtEnd && !opened && current?.more?.length) {
      setOpened(current);
      setAt(0);
    } else if (opened && (event.key === 'ArrowLeft' || (event.key === 'Backspace' && text === ''))) {
      setOpened(null);
      setAt(0);
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
        setAt(0);
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
          <div key={title} role="group" aria-label={title}>
            <div aria-hidden className="px-2 pt-2 pb-1 text-12 font-medium text-2">
              {title}
            </div>
            {rows.map((entry) => (
              <EntryRow
                key={entry.id}
                id={`${id}-${entries.indexOf(entry)}`}
                entry={entry}
                isCurrent={entry === current}
                onPoint={() => setAt(entries.indexOf(entry))}
                onTake={() => take(entry)}
              />
            ))}
          </div>
        ))}
      </div>
      {entries.length === 0 ? <p className="px-4 pb-4 text-13 text-2">Nothing fits.</p> : null}
      <p aria-hidden className="border-t border-subtle px-4 py-2 text-12 text-2 max-sm:hidden">
        ↑ ↓ choose · Enter open · → more · Esc close
      </p>
    </PaletteFrame>
  );
}
