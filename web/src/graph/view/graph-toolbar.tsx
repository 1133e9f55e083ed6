import { Focus, Minus, Plus, Route } from 'lucide-react';
import type { Ref } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Switch } from '../../ui/choice.tsx';
import { CONTROL } from '../../ui/field.tsx';
import type { GraphFilter } from './match-node.ts';

interface GraphToolbarProps {
  search: string;
  onSearch(text: string): void;
  searchField: Ref<HTMLInputElement>;
  filter: GraphFilter | null;
  onFilter(filter: GraphFilter | null): void;
  isCritical: boolean;
  onCritical(): void;
  isFollowing: boolean;
  onFollow(isOn: boolean): void;
  folded: number;
  isAllShown: boolean;
  onToggleAll(): void;
  onZoom(factor: number): void;
  onFit(): void;
}

const FILTERS: readonly { filter: GraphFilter; label: string }[] = [
  { filter: 'failed', label: 'Failed' },
  { filter: 'running', label: 'Running' },
  { filter: 'waiting', label: 'Waiting' },
];

/** What acts on the whole graph. */
export function GraphToolbar(props: GraphToolbarProps) {
  const { search, onSearch, searchField, filter, onFilter, isCritical, onCritical, isFollowing, onFollow } = props;
  const { folded, isAllShown, onToggleAll, onZoom, onFit } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-subtle bg-raised px-3 py-1.5">
      <input
        ref={searchField}
        type="search"
        aria-label="Find a stage"
        placeholder="Find a stage ( / )"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        className={`${CONTROL} h-7 max-w-48`}
      />
      <div role="group" aria-label="Show only" className="flex items-center gap-1">
        {FILTERS.map(({ filter: one, label }) => (
          <Button
            key={one}
            size="dense"
            variant={filter === one ? 'secondary' : 'ghost'}
            aria-pressed={filter === one}
            onClick={() => onFilter(filter === one ? null : one)}
          >
            {label}
          </Button>
        ))}
      </div>
      <Button
        size="dense"
        variant={isCritical ? 'secondary' : 'ghost'}
        aria-pressed={isCritical}
        icon={Route}
        kbd="c"
        onClick={onCritical}
      >
        Critical path
      </Button>
      <Switch label="Follow running" isChecked={isFollowing} onChange={onFollow} />
      <span className="ml-auto flex items-center gap-1">
        {folded > 0 || isAllShown ? (
          <span className="mr-2 text-12 text-2">
            {folded > 0 ? `${folded} stages folded · ` : ''}
            <button type="button" className="min-h-6 text-link underline" onClick={onToggleAll}>
              {isAllShown ? 'Fold again' : 'Show all'}
            </button>
          </span>
        ) : null}
        <IconButton size="dense" icon={Minus} label="Zoom out" kbd="-" onClick={() => onZoom(1 / 1.25)} />
        <IconButton size="dense" icon={Plus} label="Zoom in" kbd="+" onClick={() => onZoom(1.25)} />
        <IconButton size="dense" icon={Focus} label="Fit" kbd="0" onClick={onFit} />
      </span>
    </div>
  );
}
