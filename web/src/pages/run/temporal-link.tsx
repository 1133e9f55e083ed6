import { ExternalLink } from 'lucide-react';
import type { RunObject, StageObject } from '#core/rest.ts';
import { useMe } from '../../data/me.ts';
import { useTimeline } from './use-timeline.ts';

/** The run's workflow in Temporal's own interface: for operators, where the server knows the address of that. */
export function TemporalLink(props: { run: RunObject; stages: readonly StageObject[] }) {
  const { data: me } = useMe();
  return me?.isOperator ? <OperatorLink {...props} /> : null;
}

function OperatorLink({ run, stages }: { run: RunObject; stages: readonly StageObject[] }) {
  const { data } = useTimeline(run.id, stages);
  const url = data?.workflow?.url ?? null;
  return url === null ? null : (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="ml-auto flex h-9 items-center gap-1.5 text-13 font-medium"
    >
      Temporal
      <ExternalLink size={14} aria-hidden />
    </a>
  );
}
