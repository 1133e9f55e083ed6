import type { Reason } from '#core/attempt.ts';
import { formatDuration } from '#core/duration.ts';
import type { StageObject } from '#core/rest.ts';
import { HELD_CODES } from '#core/shell.ts';
import { type State, stateOf } from '../../../ui/state.ts';

/** State of a stage or gate at the server's time `now`. */
export function stateOfStage(stage: Pick<StageObject, 'status' | 'kind'>, now: number): State {
  return stateOf(stage.status, stage.kind, now);
}

/** Why it is as it is, where that is not plain: skipped, not run, waiting, queued, failed. */
export function reasonOf(stage: Pick<StageObject, 'status' | 'reason'>): Reason | null {
  const { status, reason } = stage;
  if (status.kind === 'ended') return status.ending === 'passed' ? null : (reason ?? status.reason);
  return 'reason' in status ? (status.reason ?? null) : null;
}

/** Whether it stands still for a terminal, before it begins or after it has failed. */
export function isHeld({ status }: Pick<StageObject, 'status'>): boolean {
  return status.kind === 'paused' && Object.values<string>(HELD_CODES).includes(status.reason.code);
}

/** From the first start to the last end, or to now; the clock of a silent stage stands still. Null when none began. */
export function measureStage(stage: StageObject, now: number): number | null {
  const [first, last] = [stage.attempts[0], stage.attempts.at(-1)];
  if (!first?.startedAt || stage.carriedFrom !== null) return null;
  const { status } = stage;
  const isSilent = stateOfStage(stage, now) === 'silent';
  const open = isSilent && status.kind === 'running' ? Date.parse(status.heartbeatAt) : now;
  return Math.max(0, (last?.endedAt ? Date.parse(last.endedAt) : open) - Date.parse(first.startedAt));
}

/** `no sign of life for 23 s`; null while there is one. */
export function describeSilence(stage: Pick<StageObject, 'status' | 'kind'>, now: number): string | null {
  const { status } = stage;
  if (status.kind !== 'running' || stateOfStage(stage, now) !== 'silent') return null;
  return `no sign of life for ${formatSeconds(now - Date.parse(status.heartbeatAt))}`;
}

/** A duration that ticks by the second: without tenths. */
export function formatSeconds(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1_000))}s` : formatDuration(ms);
}

const MEANINGS: Readonly<Record<number, string>> = {
  126: 'the command is not executable',
  127: 'the command was not found',
  130: 'interrupted (SIGINT)',
  134: 'aborted (SIGABRT)',
  135: 'bus error (SIGBUS)',
  137: 'killed (SIGKILL)',
  139: 'segmentation fault (SIGSEGV)',
  141: 'nobody read its output (SIGPIPE)',
  143: 'terminated (SIGTERM)',
};

/** What a well-known exit code means; null for a program's own. */
export function explainExit(code: number): string | null {
  return MEANINGS[code] ?? (code > 128 && code < 160 ? `ended by signal ${code - 128}` : null);
}
