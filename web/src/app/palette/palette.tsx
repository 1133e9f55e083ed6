import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { closePalette } from '../palette-state.ts';
import { EntryRow } from './entry-row.tsx';
import type { PaletteEntry, PaletteSection } from './entry.ts';
import { useSections } from './use-sections.ts';

/** `Ctrl/Cmd K`: everything by a few letters (UI §3). */
export default function Palette({ me, text: initial }: { me: MeObject; text: string }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [, go] = useLocation();
  const [text, setText] = useState(initial);
  const [at, setAt] = useState(0);
  const [opened, setOpened] = useState<PaletteEntry | null>(null);
  const found = useSections(me, text);
  const sections: readonly PaletteSection[] = opened ? [{ title: opened.label, entries: opened.more ?? [] }] : found;
  const entries = sections.flatMap((section) => section.entries);
  const current = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    if (shown && !shown.open) shown.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    dialog.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
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
    <dialog
      ref={dialog}
      aria-label="Search and act"
      onCancel={(event) => {
        event.preventDefault();
        closePalette();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) closePalette();
      }}
      className="mx-auto mt-[12vh] mb-auto w-[calc(100vw-32px)] max-w-160 rounded-12 bg-overlay p-0 shadow-overlay backdrop:bg-backdrop"
    >
      <div className="flex items-center gap-2 border-b border-subtle px-4">
        <Search size={16} aria-hidden className="shrink-0 text-3" />
        <input
          type="text"
          role="combobox"
          aria-label="Search and act"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={current ? `${id}-${entries.indexOf(current)}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Pipelines, runs, pages; > acts, # runs by number, : settings"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOpened(null);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 min-w-0 flex-1 bg-transparent text-14 outline-none"
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Results" className="max-h-[50vh] overflow-y-auto p-2">
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
    </dialog>
  );
}
