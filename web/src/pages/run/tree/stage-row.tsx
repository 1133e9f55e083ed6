import { formatDuration } from '#core/duration.ts';
import type { StageObject } from '#core/rest.ts';
import { Badge } from '../../../ui/badge.tsx';
import { StatusIcon } from '../../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../../ui/status-look.ts';
import { describeSilence, formatSeconds, measureStage, reasonOf, stateOfStage } from '../stage/stage-words.ts';

/** Cells of a stage: state, name with the reason below, time. */
export function StageRow({ stage, label, now }: { stage: StageObject; label: string; now: number }) {
  const state = stateOfStage(stage, now);
  const { word } = STATUS_LOOKS[state];
  const took = measureStage(stage, now);
  const isOpen = stage.status.kind !== 'ended';
  const again = stage.attempts.length > 1 ? `attempt ${stage.attempts.length}` : '';
  const why = describeSilence(stage, now) ?? reasonOf(stage)?.message;
  const below = [why ?? word.toLowerCase(), again].filter(Boolean).join(' · ');
  return (
    <>
      <div role="gridcell" className="flex items-center">
        <StatusIcon state={state} label={word} />
      </div>
      <div role="gridcell" className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <span className="truncate text-13 font-medium">{label}</span>
          {stage.carriedFrom === null ? null : <Badge>from {stage.carriedFrom.replace(/^.*#/, '#')}</Badge>}
        </div>
        <div className="truncate text-12 text-2" title={below}>
          {below}
        </div>
      </div>
      <div role="gridcell" className="tabular shrink-0 self-start pt-1.5 text-12 text-2">
        {took === null ? '' : isOpen ? formatSeconds(took) : formatDuration(took)}
      </div>
    </>
  );
}
