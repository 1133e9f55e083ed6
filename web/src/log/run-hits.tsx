import type { LogHit } from '#core/rest-logs.ts';
import { formatCount } from '../ui/format-bytes.ts';
import type { FoundHits } from './use-log-search.ts';

/** Shown of each search in all stages; the rest is counted. */
const SHOWN = 200;

/** Hits in all stages of a run: each opens its stage at its line. */
export function RunHits({
  found,
  onOpen,
}: {
  found: FoundHits;
  onOpen(hit: Required<Pick<LogHit, 'stage' | 'attempt' | 'n'>>): void;
}) {
  const shown = found.hits.slice(0, SHOWN);
  const rest = (found.total ?? found.hits.length) - shown.length;
  if (shown.length === 0) return null;
  return (
    <ul
      aria-label="Hits in all stages"
      className="max-h-60 overflow-auto border-b border-subtle bg-raised py-1 text-12"
    >
      {shown.map(({ stage = '', attempt = 1, n, text }) => (
        <li key={`${stage}/${attempt}/${n}`}>
          <button
            type="button"
            className="flex w-full gap-3 px-3 py-1 text-left hover:bg-hover"
            onClick={() => onOpen({ stage, attempt, n })}
          >
            <span className="max-w-60 shrink-0 truncate text-2">{stage}</span>
            <span className="tabular w-16 shrink-0 text-right text-3">{n}</span>
            <code className="min-w-0 truncate font-mono text-1">{text}</code>
          </button>
        </li>
      ))}
      {rest > 0 ? <li className="px-3 py-1 text-2">and {formatCount(rest)} more</li> : null}
    </ul>
  );
}
