import type { RunChange } from '#core/change.ts';
import { formatDuration } from '#core/duration.ts';
import type { Page } from '#core/rest.ts';
import type { Status } from '#core/run.ts';
import { describeActor } from '../../../data/describe-cause.ts';
import { get } from '../../../data/http.ts';

/** What happened in a run: an entry of `GET runs/:id/events`. */
export interface RunEvent {
  seq: number;
  kind: 'run' | 'stage' | 'gate';
  /** Empty for the run. */
  name: string;
  status: Status;
  change?: RunChange;
  at: string;
}

/** Of a run's events each has another. */
export const idOf = ({ seq, kind, name }: RunEvent) => `${seq} ${kind} ${name}`;

const MOST_PAGES = 50;

/** All events of a run, oldest first, each once; those that are known are not asked for. */
export async function readEvents(
  runId: string,
  signal: AbortSignal,
  known: readonly RunEvent[] = [],
): Promise<RunEvent[]> {
  const events = new Map(known.map((event) => [idOf(event), event]));
  // Several have the same number: the last of those that are known is asked for once more.
  let after = Math.max(0, (known.at(-1)?.seq ?? 0) - 1);
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, next } = await get<Page<RunEvent>>(`runs/${runId}/events`, { after, limit: 200 }, signal);
    for (const event of items) events.set(idOf(event), event);
    if (next === null) break;
    after = Number(next);
  }
  return [...events.values()];
}

/** Who did it, where somebody did. */
export function actorOf({ change }: RunEvent): string | null {
  return change ? describeActor(change.by) : null;
}

/** What happened, in a few words. */
export function describeEvent({ status, change }: RunEvent): string {
  if (change) return describeChange(change);
  switch (status.kind) {
    case 'ended':
      return status.reason ? `${status.ending}: ${status.reason.message}` : status.ending;
    case 'running':
      return status.attempt > 1 ? `attempt ${status.attempt} runs` : 'runs';
    case 'waiting':
      return status.reason.message;
    case 'queued':
      return status.reason ? `queued: ${status.reason.message}` : 'queued';
    case 'cancelling':
      return 'is being cancelled';
    case 'paused':
      return `paused: ${status.reason.message}`;
    default:
      return status satisfies never;
  }
}

function describeChange(change: RunChange): string {
  switch (change.kind) {
    case 'pause':
      return change.reason ? `was paused: ${change.reason}` : 'was paused';
    case 'resume':
      return 'was resumed';
    case 'extend':
      return `has ${formatDuration(change.ms)} more`;
    case 'skip':
      return change.reason ? `was skipped: ${change.reason}` : 'was skipped';
    case 'retry':
      return 'was begun once more';
    case 'cancel':
      return change.force ? 'was ended by force' : 'was cancelled';
    default:
      return change satisfies never;
  }
}

/** The state of each stage and gate as of an event, in the order in which they first appear; the run itself is left out. */
export function statesAsOf(
  events: readonly RunEvent[],
  seq: number,
): { name: string; kind: 'stage' | 'gate'; status: Status }[] {
  const states = new Map<string, { name: string; kind: 'stage' | 'gate'; status: Status }>();
  for (const { kind, name, status, seq: at } of events) {
    if (at > seq) break;
    if (kind !== 'run') states.set(name, { name, kind, status });
  }
  return [...states.values()];
}
