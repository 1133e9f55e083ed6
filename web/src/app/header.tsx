import { Link2, Menu, Pin, PinOff, Search } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { IconButton } from '../ui/button.tsx';
import { StatusIcon } from '../ui/status-icon.tsx';
import { ConnectionChip } from './connection-chip.tsx';
import { copyLink } from './copy-link.ts';
import { useShownHead } from './page.ts';
import { openPalette } from './palette-state.ts';
import { togglePin, usePins } from './pins.ts';

/** Where one is, how fresh it is, and the way to everything else. */
export function Header({ onOpenDrawer }: { onOpenDrawer(): void }) {
  const { title, area = '', crumbs = [], state } = useShownHead();
  const [path] = useLocation();
  const isPinned = usePins().some(({ href }) => href === path);
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-subtle px-4">
      <span className="lg:hidden">
        <IconButton icon={Menu} label="Open the menu" onClick={onOpenDrawer} />
      </span>
      <div className="flex min-w-0 flex-1 items-center gap-1.5 text-13">
        <nav aria-label="Breadcrumbs" className="contents">
          <ol className="flex min-w-0 items-center gap-1.5 max-sm:hidden">
            {crumbs.map(({ label, href }) => (
              <li key={href} className="flex min-w-0 items-center gap-1.5">
                <Link href={href} className="max-w-48 truncate rounded-4 text-2 no-underline hover:text-1">
                  {label}
                </Link>
                <span aria-hidden className="text-3">
                  /
                </span>
              </li>
            ))}
          </ol>
        </nav>
        {state ? <StatusIcon state={state} label="" /> : null}
        <h1 className="min-w-0 truncate font-semibold">{title}</h1>
      </div>
      {/* What belongs to something is an object that people come back to. */}
      {crumbs.length > 0 ? (
        <span className="max-sm:hidden">
          <IconButton
            icon={isPinned ? PinOff : Pin}
            label={isPinned ? 'Take the pin away' : 'Pin the page'}
            onClick={() => togglePin({ href: path, label: title, detail: area })}
          />
        </span>
      ) : null}
      <ConnectionChip />
      <span className="max-sm:hidden">
        <IconButton icon={Link2} label="Copy the link" kbd="y" onClick={copyLink} />
      </span>
      <button
        type="button"
        onClick={() => openPalette()}
        className="flex h-8 items-center gap-2 rounded-6 border border-control bg-elevated px-2 text-13 text-2 hover:bg-hover hover:text-1"
      >
        <Search size={16} aria-hidden />
        <span className="max-sm:sr-only">Search</span>
        <kbd className="font-sans text-12 max-lg:hidden">{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
    </header>
  );
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
