import { formatDuration } from '#core/duration.ts';
import { type State, stateOf, summarizeStates } from '../../ui/state.ts';
import { STATUS_LOOKS } from '../../ui/status-look.ts';
import type { FoldItem } from '../fold/fold-graph.ts';
import type { GraphStage } from '../graph-stage.ts';

/** What is shown and read out of a node. */
export interface NodeWords {
  /** Null before the first run. */
  state: State | null;
  title: string;
  detail: string;
  /** Of the whole button, for assistive technology. */
  label: string;
  /** Of a fold: how many are how, worst first. */
  counts: readonly [State, number][];
}

/** @param now the server's time, ms: running stages count to it */
export function describeNode(item: FoldItem, stages: ReadonlyMap<string, GraphStage>, now: number): NodeWords {
  const members = item.members.flatMap((name) => stages.get(name) ?? []);
  const [only] = members;
  if (item.kind === 'stage' && only) return describeStage(only, now);
  const states = members.flatMap(({ status, kind }) => (status ? stateOf(status, kind, now) : []));
  const summary = summarizeStates(states);
  const counts = summary?.counts ?? [];
  const many = `${members.length} ${item.kind === 'matrix' ? 'legs' : 'stages'}`;
  const [first] = counts;
  const detail = first ? describeCount(first, members.length) : many;
  const told = counts.map(([state, count]) => `${count} ${wordOf(state)}`).join(', ');
  const kind = { matrix: 'Matrix', siblings: 'Siblings', rest: 'Folded', stage: 'Stage' }[item.kind];
  return {
    ...{ state: summary?.worst ?? null, title: item.label, detail, counts },
    label: `${kind} ${item.label}, ${many}${told ? `, ${told}` : ''}, folded`,
  };
}

function describeStage(stage: GraphStage, now: number): NodeWords {
  const state = stage.status ? stateOf(stage.status, stage.kind, now) : null;
  const durationMs = measure(stage, now);
  const again = stage.attempts > 1 ? `attempt ${stage.attempts}` : '';
  const word = state === null ? '' : wordOf(state);
  const time = durationMs === null ? word : formatDuration(durationMs);
  const by = stage.generatedBy === undefined ? '' : `by ${stage.generatedBy}`;
  const usual = stage.usualMs === undefined ? '' : `p50 ${formatDuration(stage.usualMs)}`;
  const detail = [time, state === 'silent' ? word : '', again, usual, by].filter(Boolean).join(' · ');
  const leg = stage.leg
    ? Object.entries(stage.leg)
        .map(([axis, value]) => `${axis}=${value}`)
        .join(', ')
    : '';
  const label = [
    `${stage.kind === 'gate' ? 'Gate' : 'Stage'} ${stage.stage}`,
    leg && `leg ${leg}`,
    word || 'not run yet',
    durationMs === null ? '' : speakDuration(durationMs),
    again,
    stage.usualMs === undefined ? '' : `usually ${speakDuration(stage.usualMs)}`,
    by && `generated ${by}`,
    describeNeeds(stage),
  ];
  return { state, title: stage.name, detail, counts: [], label: label.filter(Boolean).join(', ') };
}

const MANY_NEEDS = 4;

function describeNeeds({ needs }: GraphStage): string {
  if (needs.length === 0) return 'needs nothing';
  const names = needs.slice(0, MANY_NEEDS).map(({ to }) => to);
  return `needs ${names.join(', ')}${needs.length > MANY_NEEDS ? ` and ${needs.length - MANY_NEEDS} more` : ''}`;
}

/** From its first start to its end, or to now; null when it did not execute. */
export function measure({ kind, status, startedAt, endedAt }: GraphStage, now: number): number | null {
  if (startedAt === null || kind === 'gate') return null;
  // The clock of what gives no sign of life stands still.
  const isSilent = status?.kind === 'running' && stateOf(status, kind, now) === 'silent';
  const until = isSilent ? Date.parse(status.heartbeatAt) : now;
  return Math.max(0, (endedAt === null ? until : Date.parse(endedAt)) - Date.parse(startedAt));
}

function describeCount([state, count]: [State, number], total: number): string {
  return count === total ? `${total} ${wordOf(state)}` : `${count} of ${total} ${wordOf(state)}`;
}

function wordOf(state: State): string {
  return STATUS_LOOKS[state].word.toLowerCase();
}

/** A duration as it is spoken: `23 seconds`, `3 minutes 7 seconds`. */
export function speakDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ];
  const spoken = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count > 1 ? 's' : ''}`);
  return spoken.slice(0, 2).join(' ') || 'less than a second';
}
