import { IMAGE_PULL } from '#core/image-pull.ts';
import type { AttemptObject, RunObject, StageObject } from '#core/rest.ts';
import { NO_RUNNER } from '#core/runner.ts';
import { splitCommand } from '../reason-links.ts';
import { reasonOf } from './stage-words.ts';

/** What stands where a stage's log would be. */
export type LogState =
  | { kind: 'log'; attempt: AttemptObject }
  /** Nothing yet, or nothing ever, and why. */
  | { kind: 'empty'; title: string; hint: string; command: string | null };

/** @param wanted attempt of the address; null is the last */
export function findLogState(
  stage: StageObject,
  wanted: number | null,
  { label, expiredAt }: Pick<RunObject, 'label' | 'expiredAt'>,
): LogState {
  const attempt = wanted === null ? stage.attempts.at(-1) : stage.attempts.find((one) => one.attempt === wanted);
  if (wanted !== null && !attempt) {
    const known = stage.attempts.map((one) => one.attempt).join(', ');
    return empty(`${stage.name} has no attempt ${wanted}`, known === '' ? 'it has none yet' : `it has ${known}`);
  }
  if (stage.carriedFrom !== null) {
    const command = `buildit logs ${stage.carriedFrom} '${stage.name}'`;
    return { ...empty(`${stage.name} did not run in ${label}`, `its result is from ${stage.carriedFrom}`), command };
  }
  if (!attempt || attempt.startedAt === null) return describeMissing(stage);
  if (expiredAt) return empty(`Expired on ${expiredAt.slice(0, 10)}`, 'its run is not kept any longer');
  const isOver = attempt.endedAt !== null;
  if (isOver && attempt.log.ended && attempt.log.lines === 0 && attempt.log.bytes === 0) {
    return empty('Finished without output', attempt.exitCode === null ? '' : `exit ${attempt.exitCode}`);
  }
  return { kind: 'log', attempt };
}

function describeMissing(stage: StageObject): LogState {
  const { status } = stage;
  const why = reasonOf(stage)?.message ?? '';
  switch (status.kind) {
    case 'waiting':
      return empty('Not started', why);
    case 'queued': {
      const reason = reasonOf(stage);
      if (reason?.code === NO_RUNNER) {
        const { text, command } = splitCommand(reason);
        return { ...empty('Queued', text), command };
      }
      return empty(
        reason?.code === IMAGE_PULL ? 'Preparing' : 'Queued',
        why || 'it begins as soon as there is a place for it',
      );
    }
    case 'running':
      if (stage.child) return describeChild(stage.child.label, 'it goes on as long as that run');
      return empty('Preparing', 'image, source and caches are being put in place');
    case 'cancelling':
      return empty('Being cancelled', 'it had not begun');
    case 'paused':
      return empty('Paused', why);
    case 'ended':
      if (stage.child) return describeChild(stage.child.label, why);
      return empty(status.ending === 'skipped' ? 'Skipped' : `It did not run (${status.ending})`, why);
    default:
      return status satisfies never;
  }
}

/** A stage that runs another pipeline prints nothing itself. */
function describeChild(label: string, hint: string): LogState {
  return { ...empty(`Its work is the run ${label}`, hint), command: `buildit runs watch ${label}` };
}

function empty(title: string, hint: string): Extract<LogState, { kind: 'empty' }> {
  return { kind: 'empty', title, hint, command: null };
}
