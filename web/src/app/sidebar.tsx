import { CircleHelp, LogOut, Monitor, Moon, PanelLeftClose, PanelLeftOpen, Sun, UserRound } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { Count } from '../ui/badge.tsx';
import { IconButton } from '../ui/button.tsx';
import { MenuButton, type MenuEntry } from '../ui/menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { areaOf, listAreas, type AreaEntry } from './areas.ts';
import { openKeySheet } from './key-sheet-state.ts';
import { Mark } from './mark.tsx';
import { usePins } from './pins.ts';
import { useNearestPlace } from './place.ts';
import { usePreference, writePreference } from './preferences.ts';
import { hasPage } from './routes.ts';
import { useWaitingCount } from './waiting-count.ts';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

/** Where one can go, always at hand; `onGo` closes the drawer that it is on a narrow screen. */
export function Sidebar({ me, isDrawer = false, onGo }: { me: MeObject; isDrawer?: boolean; onGo?: () => void }) {
  const isNarrow = usePreference('sidebar') === 'narrow' && !isDrawer;
  const place = useNearestPlace();
  const [path] = useLocation();
  const entries = listAreas(me, place);
  const current = areaOf(path, entries);
  const waiting = useWaitingCount();
  return (
    <nav
      aria-label="Main"
      className={`flex h-full flex-col gap-1 border-r border-subtle bg-raised p-2 ${isNarrow ? 'w-14' : 'w-60'}`}
    >
      <div className="flex h-10 items-center gap-2 px-2">
        <Link
          href="/"
          onClick={onGo}
          className="flex items-center gap-2 rounded-4 text-1 no-underline"
          aria-label="BuildIt"
        >
          <Mark />
          {isNarrow ? null : <span className="text-14 font-semibold">BuildIt</span>}
        </Link>
      </div>
      <WorkspaceSwitcher me={me} isNarrow={isNarrow} />
      <ul className="flex flex-1 flex-col gap-0.5 overflow-y-auto">
        {entries.map((entry) => (
          <Entry
            key={entry.area}
            entry={entry}
            isCurrent={entry.area === current}
            isNarrow={isNarrow}
            count={entry.area === 'home' ? waiting : 0}
            onGo={onGo}
          />
        ))}
        {isNarrow ? null : <Pins onGo={onGo} />}
      </ul>
      <div className={`flex gap-1 ${isNarrow ? 'flex-col items-center' : 'items-center'}`}>
        <PersonMenu me={me} />
        <ThemeMenu />
        <IconButton icon={CircleHelp} label="Keys and help" kbd="?" onClick={openKeySheet} />
        {isDrawer ? null : (
          <span className={isNarrow ? '' : 'ml-auto'}>
            <IconButton
              icon={isNarrow ? PanelLeftOpen : PanelLeftClose}
              label={isNarrow ? 'Widen the sidebar' : 'Narrow the sidebar'}
              onClick={() => writePreference('sidebar', isNarrow ? 'wide' : 'narrow')}
            />
          </span>
        )}
      </div>
    </nav>
  );
}

function Entry(props: {
  entry: AreaEntry;
  isCurrent: boolean;
  isNarrow: boolean;
  count: number;
  onGo: (() => void) | undefined;
}) {
  const { entry, isCurrent, isNarrow, count, onGo } = props;
  const { icon: Icon, label, href } = entry;
  const link = (
    <Link
      href={href}
      {...(onGo ? { onClick: onGo } : {})}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={isNarrow ? (count > 0 ? `${label}, ${count} wait for you` : label) : undefined}
      className={`relative flex h-8 items-center gap-2 rounded-6 px-2 text-13 font-medium no-underline transition-colors duration-120 ${
        isCurrent ? 'bg-active text-1' : 'text-2 hover:bg-hover hover:text-1'
      } ${isNarrow ? 'justify-center' : ''}`}
    >
      <Icon size={16} aria-hidden className="shrink-0" />
      {isNarrow ? null : <span className="min-w-0 flex-1 truncate">{label}</span>}
      {isNarrow ? (
        count > 0 ? (
          <span aria-hidden className="absolute top-1 right-1 size-2 rounded-full bg-warning" />
        ) : null
      ) : (
        <Count value={count} label="wait for you" />
      )}
    </Link>
  );
  return (
    <li>
      {isNarrow ? (
        <Tooltip text={label} isLabel>
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  );
}

/** Pages that a person keeps at hand. */
function Pins({ onGo }: { onGo: (() => void) | undefined }) {
  const [path] = useLocation();
  const pins = usePins();
  if (pins.length === 0) return null;
  return (
    <li>
      <h2 className="px-2 pt-4 pb-1 text-12 font-medium text-2">Pinned</h2>
      <ul>
        {pins.map(({ href, label, detail }) => (
          <li key={href}>
            <Link
              href={href}
              {...(onGo ? { onClick: onGo } : {})}
              title={detail}
              aria-current={path === href ? 'page' : undefined}
              className="flex h-7 items-center rounded-6 px-2 text-13 text-2 no-underline hover:bg-hover hover:text-1 aria-[current]:text-1"
            >
              <span className="truncate">{label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </li>
  );
}

const THEMES = [
  { value: 'system', label: 'As the system', icon: Monitor },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'light', label: 'Light', icon: Sun },
] as const;

function ThemeMenu() {
  const theme = usePreference('theme');
  const entries = THEMES.map(({ value, label, icon }): MenuEntry => {
    return { kind: 'act', label, icon, isChecked: theme === value, run: () => writePreference('theme', value) };
  });
  const shown = THEMES.find(({ value }) => value === theme) ?? THEMES[0];
  return <MenuButton label="Theme" icon={shown.icon} variant="ghost" side="right" entries={entries} />;
}

function PersonMenu({ me }: { me: MeObject }) {
  const name = me.user?.displayName ?? me.user?.name ?? 'Local user';
  const entries: MenuEntry[] = [
    ...(hasPage('/settings')
      ? [{ kind: 'link', label: 'Your settings', icon: UserRound, href: '/settings' } as const]
      : []),
    // A page of the server: the form there asks first.
    { kind: 'act', label: 'Sign out…', icon: LogOut, run: () => location.assign('/logout') },
  ];
  return (
    <MenuButton
      label={`Account: ${name}`}
      icon={UserRound}
      variant="ghost"
      side="right"
      entries={entries}
      head={
        <>
          <p className="text-13 font-medium">{name}</p>
          <p className="text-12 text-2">{me.user?.email ?? me.actor}</p>
        </>
      }
    />
  );
}
