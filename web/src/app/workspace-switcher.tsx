import { ChevronsUpDown, Layers } from 'lucide-react';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { listWorkspaces } from '../data/me.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Popover } from '../ui/popover.tsx';
import { sortByRecent, useNearestPlace } from './place.ts';

const MOST_SHOWN = 10;

/** The same kind of page elsewhere: `/settings/tokens`, `/pipelines`. An object of one workspace is not in another. */
export function kindOfPage(path: string, base: string): string {
  if (!path.startsWith(`${base}/`)) return '';
  const rest = path.slice(base.length);
  return rest.startsWith('/settings/') ? rest : `/${rest.split('/')[1] ?? ''}`;
}

/** Which workspace the pages are of; nothing where there is only one. */
export function WorkspaceSwitcher({ me, isNarrow }: { me: MeObject; isNarrow: boolean }) {
  const all = listWorkspaces(me);
  const place = useNearestPlace();
  const [path, go] = useLocation();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  if (all.length < 2) return null;
  const wanted = text.trim().toLowerCase();
  const shown = sortByRecent(all)
    .filter(({ path: one }) => one.toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
  const change = (next: string) => {
    setOpen(false);
    go(`/${next}${place ? kindOfPage(path, place.base) : ''}`);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Workspace ${place?.path ?? 'none'}`}
        onClick={() => {
          setText('');
          setOpen(!isOpen);
        }}
        className="flex h-9 items-center gap-2 rounded-6 border border-subtle px-2 text-13 font-medium hover:bg-hover"
      >
        <Layers size={16} aria-hidden className="shrink-0 text-3" />
        {isNarrow ? null : (
          <>
            <span className="min-w-0 flex-1 truncate text-left">{place?.path ?? 'Choose a workspace'}</span>
            <ChevronsUpDown size={14} aria-hidden className="shrink-0 text-3" />
          </>
        )}
      </button>
      {isOpen ? (
        <Popover anchor={button} onClose={() => setOpen(false)} label="Workspace" className="w-72 p-3">
          <Combobox
            label="Workspace"
            value=""
            placeholder="Find a workspace"
            options={shown.map(({ path: value }) => ({ value, label: value }))}
            onType={setText}
            onSelect={change}
          />
        </Popover>
      ) : null}
    </>
  );
}
