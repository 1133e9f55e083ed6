import type { ReactNode } from 'react';
import type { ComparisonObject, NodeOutcome } from '#core/rest-compare.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { formatDigest } from '../../ui/format-digest.ts';
import { Panel } from '../../ui/panel.tsx';
import { listEndings, listImages, listUnpaired } from './list-deltas.ts';

interface Of {
  comparison: ComparisonObject;
}

/** Stages that ended otherwise than before. */
export function Endings({ comparison }: Of) {
  const changed = listEndings(comparison);
  return (
    <Panel title="Endings that changed">
      {changed.length === 0 ? <None>Every stage of both ended the same.</None> : null}
      <ul className="py-1">
        {changed.map(({ name, base, head }) => (
          <li key={name} className="flex min-h-8 flex-wrap items-center gap-2 px-4 text-13">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <Ending outcome={base} /> <span aria-hidden>→</span> <Ending outcome={head} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Ending({ outcome }: { outcome: NodeOutcome | null }) {
  return outcome?.ending ? <StatusBadge state={outcome.ending} /> : <StatusBadge state="running" word="Open" />;
}

/** Parameters with other values. */
export function Parameters({ comparison: { params } }: Of) {
  if (params.length === 0) return null;
  return (
    <Panel title="Parameters">
      <ul className="py-1">
        {params.map(({ name, base, head }) => (
          <li key={name} className="flex min-h-8 flex-wrap items-center gap-x-3 px-4 text-13">
            <span className="font-medium">{name}</span>
            <Change before={base} after={head} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Stages that ran in another image, though the file may name it alike. */
export function Images({ comparison }: Of) {
  const changed = listImages(comparison);
  if (changed.length === 0) return null;
  return (
    <Panel title="Images">
      <ul className="py-1">
        {changed.map(({ name, base, head }) => (
          <li key={name} className="flex min-h-8 flex-wrap items-center gap-x-3 px-4 text-13">
            <span className="font-medium">{name}</span>
            <Change before={formatDigest(base)} after={formatDigest(head)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What of the plan differs, by stage and property, not by text. */
export function PlanDiff({ comparison }: Of) {
  const changed = comparison.nodes.filter(({ properties }) => properties.length > 0);
  if (changed.length === 0) return null;
  return (
    <Panel title="Plan">
      <ul className="flex flex-col gap-3 px-4 py-3">
        {changed.map(({ name, properties }) => (
          <li key={name} className="flex min-w-0 flex-col gap-1 text-13">
            <h3 className="font-medium">{name}</h3>
            {properties.map(({ property, base, head }) => (
              <div key={property} className="flex min-w-0 flex-wrap items-baseline gap-x-3 pl-3">
                <span className="text-2">{property}</span>
                <Change before={base} after={head} />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Stages that are in one of the runs alone. */
export function Unpaired({ comparison }: Of) {
  const { added, removed } = listUnpaired(comparison);
  if (added.length + removed.length === 0) return null;
  return (
    <Panel title="Stages of one run alone">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 px-4 py-3 text-13">
        <dt className="text-2">Added</dt>
        <dd>{added.join(', ') || 'none'}</dd>
        <dt className="text-2">Removed</dt>
        <dd>{removed.join(', ') || 'none'}</dd>
      </dl>
    </Panel>
  );
}

function Change({ before, after }: { before: unknown; after: unknown }) {
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-2 font-mono text-12 break-all">
      <del className="text-2">{write(before)}</del>
      <span aria-hidden className="text-3">
        →
      </span>
      <ins className="text-1 no-underline">{write(after)}</ins>
    </span>
  );
}

function write(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function None({ children }: { children: ReactNode }) {
  return <p className="px-4 py-3 text-13 text-2">{children}</p>;
}
