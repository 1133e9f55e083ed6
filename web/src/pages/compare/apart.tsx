import type { ComparisonObject, NodeOutcome } from '#core/rest-compare.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';

/** Two runs without a stage in common: what each has, side by side (UI §4.5). */
export function Apart({ comparison: { base, head, nodes } }: { comparison: ComparisonObject }) {
  return (
    <>
      <p className="text-13 text-1">The two runs have no stage in common.</p>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Stages title={base.label} nodes={nodes.flatMap(({ name, base: own }) => (own ? [{ name, own }] : []))} />
        <Stages title={head.label} nodes={nodes.flatMap(({ name, head: own }) => (own ? [{ name, own }] : []))} />
      </div>
    </>
  );
}

function Stages({ title, nodes }: { title: string; nodes: readonly { name: string; own: NodeOutcome }[] }) {
  return (
    <Panel title={`Stages of ${title}`}>
      <ul className="py-1">
        {nodes.map(({ name, own }) => (
          <li key={name} className="flex min-h-8 items-center gap-2 px-4 text-13">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            {own.ending ? <StatusBadge state={own.ending} /> : <StatusBadge state="running" word="Open" />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
