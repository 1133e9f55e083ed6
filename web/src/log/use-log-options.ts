import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { TIME_MODES, type TimeMode } from './model/line-time.ts';

/** How a log is looked at: all of it stands in the address, so that a link shows the same. */
export interface LogOptions {
  isWrapped: boolean;
  time: TimeMode;
  /** What is searched for; null while the search is closed. */
  text: string | null;
  isPattern: boolean;
  isCaseSensitive: boolean;
  isInRun: boolean;
  /** Lines with hits, and three around each, alone. */
  areHitsAlone: boolean;
}

const FLAGS = {
  isWrapped: 'wrap',
  isPattern: 'regex',
  isCaseSensitive: 'case',
  isInRun: 'everywhere',
  areHitsAlone: 'hits',
} as const;

export function useLogOptions(): [LogOptions, (change: Partial<LogOptions>) => void] {
  const [search, setSearch] = useSearchParams();
  const written = search.toString();
  const options = useMemo(() => readOptions(new URLSearchParams(written)), [written]);
  const change = (changed: Partial<LogOptions>) =>
    setSearch((before) => writeOptions(before, { ...readOptions(before), ...changed }), { replace: true });
  return [options, change];
}

function readOptions(search: URLSearchParams): LogOptions {
  const has = (name: keyof typeof FLAGS) => search.get(FLAGS[name]) === '1';
  return {
    isWrapped: has('isWrapped'),
    time: TIME_MODES.find((mode) => mode === search.get('time')) ?? 'off',
    text: search.get('q'),
    isPattern: has('isPattern'),
    isCaseSensitive: has('isCaseSensitive'),
    isInRun: has('isInRun'),
    areHitsAlone: has('areHitsAlone'),
  };
}

function writeOptions(before: URLSearchParams, options: LogOptions): URLSearchParams {
  const search = new URLSearchParams(before);
  const put = (name: string, value: string | null) => (value === null ? search.delete(name) : search.set(name, value));
  for (const [option, name] of Object.entries(FLAGS)) put(name, options[option as keyof typeof FLAGS] ? '1' : null);
  put('time', options.time === 'off' ? null : options.time);
  put('q', options.text);
  return search;
}
