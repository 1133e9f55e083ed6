import { memo } from 'react';
import { stateOf } from '../ui/state.ts';
import { STATUS_LOOKS, type Hue } from '../ui/status-look.ts';
import type { TimeScale } from './time-scale.ts';
import type { TimelinePart, TimelineRow } from './timeline-rows.ts';

interface TimelinePartsProps {
  row: TimelineRow;
  scale: TimeScale;
  now: number;
  hasQueue: boolean;
}

/** The bars of a row; retries stand side by side with their numbers. */
export const TimelineParts = memo(function TimelineParts({ row, scale, now, hasQueue }: TimelinePartsProps) {
  const { domain } = scale;
  const isNumbered = row.attempts > 0;
  return row.parts.map((part) => {
    const { kind, attempt, from, to, isOpen } = part;
    if (to < domain.from || from > domain.to) return null;
    if (!hasQueue && (kind === 'waiting' || kind === 'queued')) return null;
    const x = scale.toX(from);
    const width = Math.max(2, scale.toX(to) - x);
    return (
      <span
        key={`${kind} ${attempt} ${from}`}
        className="timeline-part"
        data-kind={kind}
        data-open={isOpen || undefined}
        data-hue={hueOf(row, part, now)}
        style={{ left: x, width }}
      >
        {part.steps?.map((time, index) => (
          <span key={index} className="timeline-step" style={{ left: scale.toX(time) - x }} />
        ))}
        {isNumbered && kind === 'running' && width > 18 ? <span className="timeline-number">{attempt}</span> : null}
      </span>
    );
  });
});

/** Each attempt has the hue of its own end. */
function hueOf({ object }: TimelineRow, { attempt, kind }: TimelinePart, now: number): Hue {
  if (kind === 'asking' && object.status.kind !== 'ended') return 'warning';
  const own = object.attempts.find((one) => one.attempt === attempt)?.status;
  const isLast = attempt === object.attempts.length;
  return STATUS_LOOKS[stateOf(isLast || !own ? object.status : own, object.kind, now)].hue;
}
