import { Route } from 'lucide-react';
import type { Ref } from 'react';
import { Button } from '../../ui/button.tsx';
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
}

const FILTERS: readonly { filter: GraphFilter; label: string }[] = [
  { filter: 'failed', label: 'Failed' },
  { filter: 'running', label: 'Running' },
  { filter: 'waiting', label: 'Waiting' },
];

/** What of a graph is looked for. */
export function GraphToolbar(props: GraphToolbarProps) {
  const { search, onSearch, searchField, filter, onFilter, isCritical, onCritical, isFollowing, onFollow } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-subtle bg-raised px-3 py-1.5">
      <input
        ref={searchField}
        type="search"
        aria-label="Find a stage"
        placeholder="Find a stage /"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        className={`${CONTROL} h-7 max-w-40`}
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
    </div>
  );
}
