import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { placeBeside } from './place-beside.ts';

const SHOW_AFTER_MS = 400;
/** Long enough for the pointer to come over from what it belongs to. */
const HIDE_AFTER_MS = 120;

/**
 * A few words more about what is inside, on hover and on focus; Escape closes it. Never the only copy of a fact.
 * @param text empty: there is nothing to say
 * @param isLabel the text is the name of what is inside already, and is not read out twice
 */
export function Tooltip({ text, children, isLabel = false }: { text: string; children: ReactNode; isLabel?: boolean }) {
  const id = useId();
  const holder = useRef<HTMLSpanElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen && text !== '';
  const isDescribed = !isLabel && text !== '';

  const turn = (open: boolean, afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(open), afterMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    const shown = bubble.current;
    const anchor = holder.current?.firstElementChild;
    if (!isShown || !shown || !anchor) return undefined;
    shown.showPopover();
    placeBeside(shown, anchor, 'top');
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [isShown]);

  useEffect(() => {
    const anchor = holder.current?.firstElementChild;
    if (!isDescribed || !anchor) return undefined;
    anchor.setAttribute('aria-describedby', id);
    return () => anchor.removeAttribute('aria-describedby');
  }, [id, isDescribed]);

  return (
    <span
      ref={holder}
      className="contents"
      onPointerEnter={(event) => event.pointerType === 'mouse' && turn(true, SHOW_AFTER_MS)}
      onPointerLeave={() => turn(false, HIDE_AFTER_MS)}
      onFocus={(event) => event.target.matches(':focus-visible') && turn(true, 0)}
      onBlur={() => turn(false, 0)}
      onPointerDown={() => turn(false, 0)}
    >
      {children}
      {isDescribed ? (
        <span id={id} hidden>
          {text}
        </span>
      ) : null}
      {isShown ? (
        <span
          ref={bubble}
          popover="manual"
          role="tooltip"
          className="max-w-80 rounded-6 bg-overlay px-2 py-1 text-12 text-1 shadow-overlay"
        >
          {text}
        </span>
      ) : null}
    </span>
  );
}
