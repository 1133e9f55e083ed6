import { Search } from 'lucide-react';
import { useEffect, useRef, type ComponentProps, type ReactNode } from 'react';
import { closePalette, leavePalette } from '../palette-state.ts';

/** The palette's dialog with its field; what stands below the field is `children`. */
export function PaletteFrame({ children, ...field }: ComponentProps<'input'> & { children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    const input = shown?.querySelector('input');
    input?.focus();
    // What was typed while the code was on its way is gone on with.
    input?.setSelectionRange(input.value.length, input.value.length);
    return () => {
      shown?.close();
      leavePalette();
    };
  }, []);
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
          aria-label="Search and act"
          autoComplete="off"
          spellCheck={false}
          placeholder="Pipelines, runs, pages; > acts, # runs by number, @ people, : settings"
          {...field}
          className="h-12 min-w-0 flex-1 bg-transparent text-14 outline-none"
        />
      </div>
      {children}
    </dialog>
  );
}
