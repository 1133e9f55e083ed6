import { formatDuration } from '#core/duration.ts';
import { stateOf } from '../ui/state.ts';
import { STATUS_LOOKS } from '../ui/status-look.ts';
import type { TimelinePart, TimelineRow } from './timeline-rows.ts';

const VERBS: Readonly<Record<TimelinePart['kind'], string>> = {
  waiting: 'waited',
  queued: 'queued',
  preparing: 'prepared',
  running: 'ran',
  uploading: 'kept artifacts',
  asking: 'asked',
};

/** Name of a row: what the hover says, too. */
export function describeRow({ object, attempt, parts }: TimelineRow, now: number): string {
  const kind = object.kind === 'gate' ? 'Gate' : 'Stage';
  const one = attempt === null ? null : object.attempts.find((other) => other.attempt === attempt);
  const word = STATUS_LOOKS[stateOf(one?.status ?? object.status, object.kind, now)].word.toLowerCase();
  const sums = new Map<string, number>();
  for (const part of parts) sums.set(VERBS[part.kind], (sums.get(VERBS[part.kind]) ?? 0) + part.to - part.from);
  const times = [...sums].map(([verb, ms]) => `${verb} ${formatDuration(ms)}`);
  const steps = attempt === null && object.attempts.length > 1 ? 0 : countSteps(parts);
  const tries = attempt === null ? object.attempts.length : 0;
  return [
    attempt === null ? `${kind} ${object.name}` : `Attempt ${attempt} of ${object.name}`,
    word,
    ...times,
    ...(steps > 1 ? [`in ${steps} steps`] : []),
    ...(tries > 1 ? [`${tries} attempts`] : []),
  ].join(', ');
}

function countSteps(parts: readonly TimelinePart[]): number {
  const steps = parts.find(({ kind }) => kind === 'running')?.steps;
  return steps ? steps.length + 1 : 0;
}
