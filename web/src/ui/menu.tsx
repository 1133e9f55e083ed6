import { Ellipsis, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Button, IconButton, type ButtonSize, type ButtonVariant } from './button.tsx';
import { joinClasses } from './join-classes.ts';
import type { Side } from './place-beside.ts';
import { Popover } from './popover.tsx';

/** An entry of a menu: an act, a way somewhere, or a line between. */
export type MenuEntry =
  | {
      kind: 'act';
      label: string;
      icon?: LucideIcon;
      kbd?: string | undefined;
      isDangerous?: boolean;
      /** Radio or check entries: whether it holds. */
      isChecked?: boolean;
      /** It is checked by itself, not as one of several. */
      isSwitch?: boolean;
      disabledReason?: string | null;
      run(): void;
    }
  | { kind: 'link'; label: string; icon?: LucideIcon; href: string; isExternal?: boolean }
  | { kind: 'line' };

interface MenuProps {
  label: string;
  entries: readonly MenuEntry[];
  side?: Side;
  /** What stands above the entries: who is signed in. */
  head?: ReactNode;
}

/** A button with words that opens a menu. */
export function MenuButton(
  props: MenuProps & { icon?: LucideIcon; variant?: ButtonVariant; size?: ButtonSize; children?: ReactNode },
) {
  const { label, entries, side = 'bottom-end', head, icon, variant = 'secondary', size = 'normal', children } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const opener = {
    ref: button,
    'aria-haspopup': 'menu',
    'aria-expanded': isOpen,
    onClick: () => setOpen(!isOpen),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      setOpen(true);
    },
  } as const;
  return (
    <>
      {children === undefined ? (
        <IconButton {...opener} {...{ label, variant, size }} icon={icon ?? Ellipsis} />
      ) : (
        <Button {...opener} {...{ variant, size }} {...(icon ? { icon } : {})}>
          {children}
        </Button>
      )}
      {isOpen ? (
        <Popover anchor={button} side={side} onClose={() => setOpen(false)}>
          {head ? <div className="border-b border-subtle px-3 py-2">{head}</div> : null}
          <MenuList label={label} entries={entries} onDone={() => setOpen(false)} />
        </Popover>
      ) : null}
    </>
  );
}

const ENTRY =
  'flex min-h-8 w-full items-center gap-2 rounded-6 px-2 py-1 text-left text-13 no-underline outline-none focus:bg-active aria-disabled:text-3';

/** The entries: arrows, Home, End and the first letters move; Enter acts. */
function MenuList({ label, entries, onDone }: { label: string; entries: readonly MenuEntry[]; onDone(): void }) {
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-entry]') ?? [])];
  useEffect(() => items()[0]?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const next = findNext(event, all, at, typed.current);
    if (next) {
      event.preventDefault();
      next.focus();
    }
    if (event.key === 'Tab') onDone();
  };
  return (
    <div ref={list} role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown} className="min-w-48 p-1">
      {entries.map((entry, index) =>
        entry.kind === 'line' ? (
          <hr key={`line-${index}`} className="my-1 border-subtle" />
        ) : (
          <Entry key={entry.label} entry={entry} onDone={onDone} />
        ),
      )}
    </div>
  );
}

function Entry({ entry, onDone }: { entry: Exclude<MenuEntry, { kind: 'line' }>; onDone(): void }) {
  const Icon = entry.icon;
  const content = (
    <>
      {Icon ? <Icon size={16} aria-hidden className="shrink-0 text-3" /> : null}
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
    </>
  );
  if (entry.kind === 'link') {
    const shared = {
      ...{ role: 'menuitem', tabIndex: -1, 'data-entry': '', className: `${ENTRY} text-1` },
      ...{ href: entry.href, onClick: onDone },
    };
    if (entry.isExternal) {
      return (
        <a {...shared} target="_blank" rel="noopener noreferrer">
          {content}
        </a>
      );
    }
    return <Link {...shared}>{content}</Link>;
  }
  const { isChecked, isSwitch, disabledReason, isDangerous, kbd, run } = entry;
  return (
    <button
      type="button"
      role={isChecked === undefined ? 'menuitem' : isSwitch ? 'menuitemcheckbox' : 'menuitemradio'}
      aria-checked={isChecked}
      aria-disabled={disabledReason ? true : undefined}
      tabIndex={-1}
      data-entry=""
      onPointerMove={(event) => event.currentTarget.focus()}
      onClick={() => {
        if (disabledReason) return;
        onDone();
        run();
      }}
      className={joinClasses(ENTRY, isDangerous ? 'text-error-text' : 'text-1')}
    >
      {content}
      {isChecked ? <span aria-hidden>✓</span> : null}
      {disabledReason ? <span className="max-w-56 truncate text-12 text-2">{disabledReason}</span> : null}
      {kbd ? <kbd className="font-sans text-12 text-2">{kbd}</kbd> : null}
    </button>
  );
}

const TYPED_TOGETHER_MS = 700;

function findNext(
  event: KeyboardEvent,
  all: readonly HTMLElement[],
  at: number,
  typed: { text: string; at: number },
): HTMLElement | undefined {
  switch (event.key) {
    case 'ArrowDown':
      return all[(at + 1) % all.length];
    case 'ArrowUp':
      return all[(at - 1 + all.length) % all.length];
    case 'Home':
      return all[0];
    case 'End':
      return all.at(-1);
    default: {
      if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey) return undefined;
      const now = performance.now();
      typed.text = now - typed.at > TYPED_TOGETHER_MS ? event.key : typed.text + event.key;
      typed.at = now;
      return all.find((item) => item.textContent.trim().toLowerCase().startsWith(typed.text.toLowerCase()));
    }
  }
}
