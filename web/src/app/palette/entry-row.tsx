import { StatusIcon } from '../../ui/status-icon.tsx';
import type { PaletteEntry } from './entry.ts';

interface EntryRowProps {
  id: string;
  entry: PaletteEntry;
  isCurrent: boolean;
  onPoint(): void;
  onTake(): void;
}

export function EntryRow({ id, entry, isCurrent, onPoint, onTake }: EntryRowProps) {
  const { icon: Icon, state, label, detail, key, no } = entry;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      aria-disabled={no === undefined ? undefined : true}
      onPointerMove={onPoint}
      onClick={onTake}
      className="flex min-h-9 items-center gap-2 rounded-6 px-2 py-1 text-13 aria-selected:bg-active"
    >
      {state ? <StatusIcon state={state} /> : <Icon size={16} aria-hidden className="shrink-0 text-2" />}
      <span className={`min-w-0 flex-1 ${no === undefined ? 'truncate' : 'text-2'}`}>
        {label}
        {no === undefined ? null : <span className="block text-12">{no}</span>}
      </span>
      {no === undefined ? <span className="max-w-64 shrink-0 truncate text-12 text-2">{detail}</span> : null}
      {key ? <kbd className="shrink-0 rounded-4 border border-control px-1 font-mono text-12 text-2">{key}</kbd> : null}
    </div>
  );
}
