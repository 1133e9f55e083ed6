import { ArrowDown, ArrowUp, CaseSensitive, ListFilter, Regex, Rows3, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../ui/button.tsx';
import { describeFailure } from '../ui/describe-failure.ts';
import { CONTROL } from '../ui/field.tsx';
import { formatCount } from '../ui/format-bytes.ts';
import type { LogOptions } from './use-log-options.ts';
import type { FoundHits } from './use-log-search.ts';

interface LogSearchProps {
  options: LogOptions;
  onChange(change: Partial<LogOptions>): void;
  found: FoundHits | null;
  /** Of the hits, from 0; null before the first. */
  current: number | null;
  onStep(direction: 1 | -1): void;
  onClose(): void;
}

/** The line above a log in which one searches it. Enter goes on, Shift+Enter back, Escape closes. */
export function LogSearch({ options, onChange, found, current, onStep, onClose }: LogSearchProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(options.text ?? '');
  useEffect(() => input.current?.select(), []);
  const toggles = [
    { name: 'isCaseSensitive', label: 'Match case', icon: CaseSensitive },
    { name: 'isPattern', label: 'RE2 pattern', icon: Regex },
    { name: 'isInRun', label: 'All stages of the run', icon: Rows3 },
    { name: 'areHitsAlone', label: 'Only hits and three lines around', icon: ListFilter },
  ] as const;
  return (
    <div role="search" className="flex flex-wrap items-center gap-1 border-b border-subtle bg-raised px-2 py-1">
      <input
        ref={input}
        role="searchbox"
        autoFocus
        spellCheck={false}
        autoComplete="off"
        aria-label="Search in the log"
        placeholder="Search in the log"
        value={text}
        className={`${CONTROL} h-7 w-64 min-w-0 flex-1 font-mono sm:max-w-96`}
        onChange={(event) => {
          setText(event.target.value);
          onChange({ text: event.target.value });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {toggles.map(({ name, label, icon }) => (
        <IconButton
          key={name}
          size="dense"
          icon={icon}
          label={label}
          aria-pressed={options[name]}
          variant={options[name] ? 'secondary' : 'ghost'}
          onClick={() => onChange({ [name]: !options[name] })}
        />
      ))}
      <span role="status" className="tabular min-w-28 px-1 text-12 text-2">
        {found ? describe(found, current) : ''}
      </span>
      <IconButton size="dense" icon={ArrowUp} label="Previous hit" kbd="Shift+Enter" onClick={() => onStep(-1)} />
      <IconButton size="dense" icon={ArrowDown} label="Next hit" kbd="Enter" onClick={() => onStep(1)} />
      <IconButton size="dense" icon={X} label="Close the search" kbd="Esc" onClick={onClose} />
    </div>
  );
}

function describe({ hits, total, isCapped, problem }: FoundHits, current: number | null): string {
  if (problem) return describeFailure(problem).title;
  if (total === null) return hits.length === 0 ? 'Searching…' : `${formatCount(hits.length)} so far…`;
  if (total === 0) return isCapped ? 'none in the lines looked at' : 'No hits';
  const all = `${formatCount(total)}${isCapped ? '+' : ''}`;
  const place = current === null ? '' : `${formatCount(current + 1)} of `;
  return `${place}${all} ${total === 1 ? 'line' : 'lines'}${hits.length < total ? `, the first ${formatCount(hits.length)} listed` : ''}`;
}
