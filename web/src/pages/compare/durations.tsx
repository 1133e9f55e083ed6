import { formatDuration } from '#core/duration.ts';
import type { ComparisonObject } from '#core/rest-compare.ts';
import { Panel } from '../../ui/panel.tsx';
import { listDeltas } from './list-deltas.ts';

/** How much longer or shorter each stage took, as bars from the middle, the greatest change first. */
export function Durations({ comparison }: { comparison: ComparisonObject }) {
  const deltas = listDeltas(comparison);
  const most = Math.max(1, ...deltas.map(({ deltaMs }) => Math.abs(deltaMs)));
  return (
    <Panel title="Durations">
      {deltas.length === 0 ? <p className="px-4 py-3 text-13 text-2">No stage took longer or shorter.</p> : null}
      <ul className="py-1">
        {deltas.map(({ name, baseMs, headMs, deltaMs }) => (
          <li key={name} className="flex h-7 items-center gap-3 px-4 text-13">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <span className="tabular w-32 shrink-0 text-right text-12 text-2">
              {formatDuration(baseMs)} → {formatDuration(headMs)}
            </span>
            <span className="tabular w-14 shrink-0 text-right text-12">{writeDelta(deltaMs)}</span>
            <span aria-hidden className="flex h-3 w-24 shrink-0 max-sm:hidden">
              <Bar hue="success" share={deltaMs < 0 ? -deltaMs / most : 0} />
              <span className="w-px shrink-0 bg-(--border-control)" />
              <Bar hue="warning" share={deltaMs > 0 ? deltaMs / most : 0} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Half of a diverging bar: what is shorter grows to the left, what is longer to the right. */
function Bar({ hue, share }: { hue: 'success' | 'warning'; share: number }) {
  return (
    <span className={`flex flex-1 ${hue === 'success' ? 'justify-end' : ''}`}>
      <span data-hue={hue} className="rounded-4 bg-hue" style={{ width: `${share * 100}%` }} />
    </span>
  );
}

function writeDelta(ms: number): string {
  return `${ms > 0 ? '+' : '−'}${formatDuration(Math.abs(ms))}`;
}
