import type { TimelineSpan } from '#core/rest-compare.ts';
import type { AttemptObject, GateObject, RunObject, StageObject } from '#core/rest.ts';

/** What an attempt, a gate or a stage did between two times, ms. Only what is recorded has a part. */
export interface TimelinePart {
  kind: 'waiting' | 'queued' | 'preparing' | 'running' | 'uploading' | 'asking';
  /** 0 before the first. */
  attempt: number;
  from: number;
  to: number;
  /** It goes on: `to` is now. */
  isOpen: boolean;
  /** Of a run of several steps: when the second and later ones began. */
  steps?: readonly number[];
}

/** A stage or gate with its attempts side by side, or one attempt of it below that. */
export interface TimelineRow {
  id: string;
  /** Name of the stage, leg or gate. */
  stage: string;
  /** Null for the row of the stage itself. */
  attempt: number | null;
  parts: TimelinePart[];
  /** How many rows of attempts can be opened below it. */
  attempts: number;
  object: StageObject;
}

export interface TimelineInput {
  run: Pick<RunObject, 'createdAt' | 'endedAt' | 'status'>;
  stages: readonly StageObject[];
  gates: readonly Pick<GateObject, 'name' | 'status'>[];
  spans: readonly TimelineSpan[];
  /** Of the server, ms. */
  now: number;
}

/**
 * Rows of a run: stages that wait pinned on top (UI §6), then by beginning. `open` has the stages whose attempts stand
 * below them in rows of their own.
 */
export function listRows(input: TimelineInput, open: ReadonlySet<string>): TimelineRow[] {
  const spans = new Map(input.spans.map((span) => [`${span.kind} ${span.attempt} ${span.name}`, span]));
  const rows = input.stages.map((stage): TimelineRow => {
    const parts = stage.kind === 'gate' ? listGateParts(stage, spans, input) : listStageParts(stage, spans, input);
    const attempts = stage.attempts.length > 1 ? stage.attempts.length : 0;
    return { id: stage.name, stage: stage.name, attempt: null, parts, attempts, object: stage };
  });
  const begins = new Map(rows.map((row) => [row.id, findBegin(row)]));
  const ordered = rows.toSorted(
    (left, right) =>
      Number(isPending(right)) - Number(isPending(left)) || (begins.get(left.id) ?? 0) - (begins.get(right.id) ?? 0),
  );
  return ordered.flatMap((row) => (open.has(row.stage) ? [row, ...splitAttempts(row)] : [row]));
}

function splitAttempts(row: TimelineRow): TimelineRow[] {
  if (row.attempts === 0) return [];
  return row.object.attempts.map(({ attempt }): TimelineRow => {
    const parts = row.parts.filter((part) => part.attempt === attempt);
    return { ...row, id: `${row.stage} ${attempt}`, attempt, parts, attempts: 0 };
  });
}

/** Neither began nor ended. */
function isPending({ object }: TimelineRow): boolean {
  return object.status.kind !== 'ended' && object.attempts.length === 0;
}

/** When it first did something; who never did stands last. */
function findBegin({ parts }: TimelineRow): number {
  return parts.find(({ kind }) => kind !== 'waiting')?.from ?? parts[0]?.to ?? Number.MAX_SAFE_INTEGER;
}

function listStageParts(
  stage: StageObject,
  spans: ReadonlyMap<string, TimelineSpan>,
  { run, now }: TimelineInput,
): TimelinePart[] {
  const parts: TimelinePart[] = [];
  let free = Date.parse(run.createdAt);
  // A result of an earlier run took no time of this one.
  if (stage.carriedFrom !== null) return parts;
  for (const attempt of stage.attempts) {
    if (attempt.startedAt === null) continue;
    const began = Date.parse(attempt.startedAt);
    const span = spans.get(`attempt ${attempt.attempt} ${stage.name}`);
    const queued = span?.queuedAt ? Math.min(began, Math.max(free, Date.parse(span.queuedAt))) : began;
    parts.push(part('waiting', attempt.attempt, free, queued), part('queued', attempt.attempt, queued, began));
    parts.push(...listAttemptParts(attempt, span, began, now));
    free = parts.at(-1)?.to ?? began;
  }
  const { status } = stage;
  const next = stage.attempts.length + 1;
  if (status.kind === 'queued') {
    const since = Math.max(free, Date.parse(status.since));
    parts.push(part('waiting', next, free, since), { ...part('queued', next, since, now), isOpen: true });
  } else if (status.kind === 'waiting' || status.kind === 'paused') {
    parts.push({ ...part('waiting', next, free, now), isOpen: true });
  } else if (status.kind === 'ended' && stage.attempts.length === 0) {
    parts.push(part('waiting', 0, free, Date.parse(status.at)));
  }
  return parts.filter(({ from, to }) => to > from);
}

function listAttemptParts(
  { attempt, endedAt }: AttemptObject,
  span: TimelineSpan | undefined,
  began: number,
  now: number,
): TimelinePart[] {
  const program = span?.programAt ? Math.max(began, Date.parse(span.programAt)) : began;
  if (endedAt === null) return [{ ...part('running', attempt, began, Math.max(began, now)), isOpen: true }];
  const ended = Math.max(program, Date.parse(endedAt));
  const saved = span?.savedAt ? Math.max(ended, Date.parse(span.savedAt)) : ended;
  return [
    part('preparing', attempt, began, program),
    // Also of one that took no measurable time: it ran.
    { ...part('running', attempt, program, Math.max(ended, program + 1)), ...markSteps(span, program, ended) },
    part('uploading', attempt, ended, saved),
  ];
}

/** Where one step ends and the next begins: steps follow one another. */
function markSteps(span: TimelineSpan | undefined, program: number, ended: number): Pick<TimelinePart, 'steps'> {
  let at = program;
  const steps = (span?.stepMs ?? []).map((ms) => (at += ms)).filter((time) => time < ended);
  return steps.length === 0 ? {} : { steps };
}

function listGateParts(
  gate: StageObject,
  spans: ReadonlyMap<string, TimelineSpan>,
  { run, gates, now }: TimelineInput,
): TimelinePart[] {
  const begin = Date.parse(run.createdAt);
  const span = spans.get(`gate 0 ${gate.name}`);
  const status = gates.find(({ name }) => name === gate.name)?.status ?? gate.status;
  const isOpen = status.kind !== 'ended';
  const end = status.kind === 'ended' ? Date.parse(status.at) : now;
  const asked = span ? Date.parse(span.from) : end;
  const parts: TimelinePart[] = [
    { ...part('waiting', 0, begin, asked), isOpen: isOpen && !span },
    { ...part('asking', 0, asked, end), isOpen },
  ];
  return parts.filter(({ from, to }) => to > from);
}

function part(kind: TimelinePart['kind'], attempt: number, from: number, to: number): TimelinePart {
  return { kind, attempt, from, to, isOpen: false };
}
