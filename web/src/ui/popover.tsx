import { useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react';
import { placeBeside, type Side } from './place-beside.ts';

interface PopoverProps {
  /** What it stands beside, and where the focus returns to. */
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
  side?: Side;
  children: ReactNode;
  className?: string;
  /** Of the dialog it is for assistive technology; menus and lists name themselves. */
  label?: string;
}

/** A panel beside a button, there as long as it is rendered: Escape, a click elsewhere and leaving it close it. */
export function Popover({ anchor, onClose, side = 'bottom', children, className = '', label }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  // Before the effects of what is inside: only what is shown can take the focus.
  useLayoutEffect(() => {
    const shown = panel.current;
    const beside = anchor.current;
    if (!shown || !beside) return undefined;
    shown.showPopover();
    placeBeside(shown, beside, side);
    const place = () => placeBeside(shown, beside, side);
    const onToggle = (event: ToggleEvent) => {
      if (event.newState === 'closed') close.current();
    };
    const grown = new ResizeObserver(place);
    grown.observe(shown);
    window.addEventListener('resize', place);
    shown.addEventListener('toggle', onToggle);
    return () => {
      grown.disconnect();
      window.removeEventListener('resize', place);
      shown.removeEventListener('toggle', onToggle);
      if (shown.contains(document.activeElement)) beside.focus();
    };
  }, [anchor, side]);
  return (
    <div
      ref={panel}
      popover="auto"
      {...(label ? { role: 'dialog', 'aria-label': label } : {})}
      className={`rounded-8 bg-overlay shadow-overlay ${className}`}
    >
      {children}
    </div>
  );
}
