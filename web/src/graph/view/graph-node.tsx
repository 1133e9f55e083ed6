import { memo } from 'react';
import type { State } from '../../ui/state.ts';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../ui/status-look.ts';

interface GraphNodeProps {
  name: string;
  x: number;
  y: number;
  isFold: boolean;
  state: State | null;
  title: string;
  detail: string;
  label: string;
  /** Of a fold: shares of its bar, `failed:8 passed:32`. */
  bar: string;
  isCritical: boolean;
  isDim: boolean;
  isSelected: boolean;
  /** The one that Tab comes to. */
  isEntry: boolean;
}

/** A node: a button over the edges. Its clicks are heard by the layer. */
export const GraphNode = memo(function GraphNode(props: GraphNodeProps) {
  const { name, x, y, isFold, state, title, detail, label, bar, isCritical, isDim, isSelected, isEntry } = props;
  const look = state === null ? null : STATUS_LOOKS[state];
  return (
    <button
      type="button"
      className="graph-node"
      data-node={name}
      data-hue={look?.hue ?? 'neutral'}
      data-glyph={look?.glyph}
      data-outline={look?.outline ?? 'dashed'}
      data-fold={isFold || undefined}
      data-critical={isCritical || undefined}
      data-dim={isDim || undefined}
      data-running={state === 'running' || state === 'retrying' || undefined}
      aria-label={label}
      aria-current={isSelected || undefined}
      tabIndex={isEntry ? 0 : -1}
      // No transform of its own: a pan would have to look at each of them.
      style={{ left: x, top: y }}
    >
      <StatusIcon state={state ?? 'waiting-needs'} />
      <span className="graph-words">
        <span className="graph-title">{title}</span>
        <span className="graph-detail tabular">{detail}</span>
      </span>
      {bar ? <FoldBar bar={bar} /> : null}
    </button>
  );
});

/** How the members of a fold ended, as lengths; the words say it too. */
function FoldBar({ bar }: { bar: string }) {
  return (
    <span className="graph-bar" aria-hidden>
      {bar.split(' ').map((part) => {
        const [state = 'passed', count = '0'] = part.split(':');
        return <span key={state} data-hue={STATUS_LOOKS[state as State].hue} style={{ flexGrow: Number(count) }} />;
      })}
    </span>
  );
}
