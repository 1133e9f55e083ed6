import { FileText } from 'lucide-react';
import { lazy } from 'react';
import type { RunObject, StageObject } from '#core/rest.ts';
import { PanelBoundary } from '../../../app/panel-boundary.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import type { RunPlace } from '../run-address.ts';
import { findLogState } from './log-state.ts';

const LogPane = lazy(async () => ({ default: (await import('../../../log/log-pane.tsx')).LogPane }));

const BAD: ReadonlySet<string> = new Set(['failed', 'errored', 'timed-out']);

/** The log of a stage's attempt, or why there is none. */
export function StageLog({ run, stage, place }: { run: RunObject; stage: StageObject; place: RunPlace }) {
  const state = findLogState(stage, place.attempt, run);
  if (state.kind === 'empty') {
    return (
      <EmptyState icon={FileText} title={state.title} {...(state.command ? { command: state.command } : {})}>
        {state.hint}
      </EmptyState>
    );
  }
  const { attempt } = state;
  const key = `${run.id} ${stage.name} ${attempt.attempt}`;
  return (
    <PanelBoundary what="the log" resetKey={key}>
      <LogPane
        key={key}
        run={run.id}
        stage={stage.name}
        attempt={attempt.attempt}
        startedAt={attempt.startedAt}
        hasFailed={attempt.status.kind === 'ended' && BAD.has(attempt.status.ending)}
        onOpenHit={(hit) => {
          const href = place.hrefOf({ stage: hit.stage, attempt: hit.attempt, view: 'log', tab: null });
          place.open(`${href}#L${hit.n}`);
        }}
      />
    </PanelBoundary>
  );
}
