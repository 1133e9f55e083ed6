import { formatDuration } from '#core/duration.ts';
import type { Ending } from '#core/ending.ts';
import type { AttemptObject, StageObject } from '#core/rest.ts';
import { oneLine } from '../terminal/sanitize.ts';
import type { NodeView, View } from './view.ts';

/** The ending of a node, null while it is open. */
export function endingOf(node: NodeView): Ending | null {
  const status = node.object?.status;
  return status?.kind === 'ended' ? status.ending : null;
}

/** An ending as a sentence has it. */
export function nameEnding(ending: Ending): string {
  return ending === 'soft-failed' ? 'passed with warnings' : ending;
}

/** First start to last end of a node's attempts in ms, up to now while it runs; null when none ran. */
export function measureRan(object: StageObject, now: number): number | null {
  const startedAt = object.attempts[0]?.startedAt;
  if (startedAt === undefined || startedAt === null) return null;
  const last = object.attempts.at(-1);
  const end = last?.endedAt ? Date.parse(last.endedAt) : now;
  return Math.max(0, end - Date.parse(startedAt));
}

/** From the end of its last need (or the run's creation) to its first start, ms; null when none ran. */
export function measureWaited(view: View, node: NodeView): number | null {
  const startedAt = node.object?.attempts[0]?.startedAt;
  if (!startedAt) return null;
  const ends = node.needs.flatMap((name) => {
    const status = view.nodes.get(name)?.object?.status;
    return status?.kind === 'ended' ? [Date.parse(status.at)] : [];
  });
  return Math.max(0, Date.parse(startedAt) - Math.max(Date.parse(view.run.createdAt), ...ends));
}

/** Why a node ended as it did, for its closing line: `step 2 of 2 exited 1: npm test`. */
export function explainEnd(node: NodeView): string {
  const ending = endingOf(node);
  const last = node.object?.attempts.at(-1);
  if (ending === null) return '';
  if (ending === 'passed') return node.kind === 'gate' ? nameApprovers(node) : '';
  if (last?.fault) return oneLine(last.fault.message);
  if (isOwnExit(ending) && last?.exitCode && last.step !== null) {
    const total = node.steps.length;
    const title = node.steps[last.step - 1];
    const step = total > 0 ? `step ${last.step} of ${total}` : `step ${last.step}`;
    return `${step} exited ${last.exitCode}${explainCode(last)}${title === undefined ? '' : `: ${oneLine(title)}`}`;
  }
  return explainReason(node);
}

/** The same in the few words of the summary table: `exit 1 in step 2`. */
export function explainBriefly(node: NodeView): string {
  const ending = endingOf(node);
  if (node.object?.carriedFrom) return `carried from ${node.object.carriedFrom}`;
  const last = node.object?.attempts.at(-1);
  if (ending !== null && isOwnExit(ending) && !last?.fault && last?.exitCode && last.step !== null) {
    const tests = node.object ? countTests(node.object) : '';
    return `exit ${last.exitCode} in step ${last.step}${tests === '' ? '' : `, ${tests}`}`;
  }
  return explainEnd(node);
}

/** `2 of 215 tests failed`, from the reports of the last attempt; empty without one. */
export function countTests(object: StageObject): string {
  const totals = object.attempts.at(-1)?.tests ?? null;
  if (totals === null) return '';
  const broken = totals.failed + totals.errored;
  const all = totals.passed + broken + totals.skipped;
  if (broken > 0) return `${broken} of ${all} tests failed`;
  return `${totals.passed} tests passed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`;
}

/** Only here the exit code is the cause; a cancelled or expired stage was ended by us. */
function isOwnExit(ending: Ending): boolean {
  return ending === 'failed' || ending === 'soft-failed';
}

function nameApprovers(node: NodeView): string {
  const people = (node.gate?.decisions ?? []).flatMap(({ verdict, actor }) =>
    verdict === 'approve' ? [actor.id] : [],
  );
  return people.length > 0 ? `approved by ${[...new Set(people)].join(', ')}` : explainReason(node);
}

/** `137` is not a number people know. */
function explainCode(attempt: AttemptObject): string {
  if (attempt.reason?.code === 'out-of-memory') return ` (${oneLine(attempt.reason.message)})`;
  if (attempt.exitCode === 137) return ' (killed)';
  if (attempt.exitCode === 143) return ' (terminated)';
  if (attempt.exitCode === 127) return ' (command not found)';
  return '';
}

function explainReason(node: NodeView): string {
  const status = node.object?.status;
  const reason = (status?.kind === 'ended' ? status.reason : null) ?? node.object?.reason ?? null;
  return reason === null ? '' : oneLine(reason.message);
}

/** `0m 42s`, for clocks that stand still in place. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds >= 3_600) return formatDuration(ms);
  return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

/** A name as a POSIX shell takes it. */
export function quoteWord(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
