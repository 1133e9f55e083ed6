import type { ComparisonObject } from '#core/rest-compare.ts';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Hue } from '../../ui/status-look.ts';
import { countHits, listCaches, type CacheChange } from './list-deltas.ts';

const LOOKS: Record<NonNullable<CacheChange['base']>, { word: string; hue: Hue }> = {
  key: { word: 'Hit', hue: 'success' },
  prefix: { word: 'Older entry', hue: 'warning' },
  nothing: { word: 'Miss', hue: 'neutral' },
};

/** What the caches found, and where that is something else than before; nothing where no stage used one. */
export function Caches({ comparison }: { comparison: ComparisonObject }) {
  const { base, head } = countHits(comparison);
  if (base.of + head.of === 0) return null;
  return (
    <Panel title={`Caches (${base.hits} of ${base.of} hit before, ${head.hits} of ${head.of} after)`}>
      <ul className="py-1">
        {listCaches(comparison).map((change) => (
          <li key={`${change.stage} ${change.name}`} className="flex min-h-8 flex-wrap items-center gap-2 px-4 text-13">
            <span className="min-w-0 flex-1 truncate">
              {change.name} <span className="text-2">{change.stage}</span>
            </span>
            <Found found={change.base} /> <span aria-hidden>→</span> <Found found={change.head} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Found({ found }: { found: CacheChange['base'] }) {
  return found === null ? <Badge>Not used</Badge> : <Badge hue={LOOKS[found].hue}>{LOOKS[found].word}</Badge>;
}
