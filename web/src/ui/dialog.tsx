import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';

interface DialogProps {
  title: ReactNode;
  /** Escape, Cancel, the cross, a click beside it unless something has been typed. Refused while something is under way by not changing state. */
  onClose(): void;
  children: ReactNode;
  /** The buttons, the main one last. */
  footer?: ReactNode;
  /** 480, 640 or 880 px; all of a narrow screen. */
  width?: 'narrow' | 'normal' | 'wide';
  /** Called by Enter in a field and by a submit button of the footer; with it the content is a form. */
  onSubmit?(): void;
  /** Shows what is nowhere else: a click beside it does not close it. */
  isKept?: boolean;
}

const WIDTHS = { narrow: 'max-w-120', normal: 'max-w-160', wide: 'max-w-220' } as const;

/**
 * A native modal dialog, there as long as it is rendered. The first field is focused (or what has `data-focus`; without
 * either the main button), and the focus returns to where it was when it goes.
 */
export function Dialog({ title, onClose, children, footer, width = 'narrow', onSubmit, isKept = false }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const hasTyped = useRef(false);
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    if (!shown) return undefined;
    if (!shown.open) shown.showModal();
    const first =
      shown.querySelector<HTMLElement>('[data-focus]') ??
      shown.querySelector<HTMLElement>('[data-body] :is(input, textarea, select):not([type=hidden])');
    // Each button of the footer is alone in its tooltip: the last of all is the main one, and Enter presses it.
    const main = [...shown.querySelectorAll<HTMLElement>('footer button')].at(-1);
    (first ?? main ?? shown).focus();
    return () => {
      shown.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const Body = onSubmit ? 'form' : 'div';
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget && !isKept && !hasTyped.current) onClose();
      }}
      onInput={() => (hasTyped.current = true)}
      className={`m-auto max-h-[min(85vh,calc(100dvh-32px))] w-[calc(100vw-32px)] rounded-12 bg-elevated p-0 shadow-overlay backdrop:bg-backdrop open:flex ${WIDTHS[width]}`}
    >
      <Body
        {...(onSubmit
          ? {
              onSubmit: (event: React.FormEvent) => {
                event.preventDefault();
                onSubmit();
              },
              noValidate: true,
            }
          : {})}
        className="flex min-h-0 w-full flex-col"
      >
        <header className="flex items-center justify-between gap-2 py-3 pr-3 pl-5">
          <h2 id={id} className="min-w-0 truncate text-16 font-semibold">
            {title}
          </h2>
          <IconButton icon={X} label="Close" size="dense" onClick={onClose} />
        </header>
        <div data-body className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">
          {children}
        </div>
        {footer ? (
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-subtle px-5 py-3">
            {footer}
          </footer>
        ) : null}
      </Body>
    </dialog>
  );
}
