import type { Can, RunObject } from '#core/rest.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { isStuck } from '#db/queries/stuck-run.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';
import { urlOfRun } from './run-url.ts';

/** The run as the principal sees it. `gatesWaiting` comes from {@link findGatesWaiting}. */
export function toRunObject(row: RunWithNames, gatesWaiting: string[], principal: Principal): RunObject {
  return {
    id: row.id,
    topic: `run:${row.id}`,
    seq: row.seq,
    createdAt: row.createdAt,
    status: row.status,
    workspace: row.workspace,
    pipeline: { id: row.pipelineId, name: row.pipelineName, file: row.file, repository: row.pipelineRepository },
    number: row.number,
    attempt: row.attempt,
    label: row.label,
    trigger: row.trigger,
    startedBy: row.startedBy,
    branch: row.branch,
    commit: row.commit ?? row.git?.sha ?? null,
    priority: row.priority,
    pipelineVersion: row.pipelineVersion,
    url: urlOfRun(row),
    git: row.git && { subject: null, author: null, ...row.git },
    params: row.params,
    planDigest: row.planDigest,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    durationMs: measure(row),
    notices: row.notices,
    ...describeParent(row),
    ...(row.expiredAt === null ? {} : { expiredAt: row.expiredAt }),
    gatesWaiting,
    can: {
      cancel: firstNo(explainAction(principal, 'run:cancel', row), canCancel(row)),
      rerun: firstNo(explainAction(principal, 'run:trigger', row), canRerun(row)),
      pause: firstNo(explainAction(principal, 'run:change', row), canPause(row)),
      resume: firstNo(explainAction(principal, 'run:change', row), canResume(row)),
      change: firstNo(explainAction(principal, 'run:change', row), canChange(row)),
      shell: firstNo(explainAction(principal, 'run:shell', row), isKept(row)),
    },
  };
}

function describeParent({
  parentRun: run,
  parentLabel: label,
  parentStage: stage,
}: RunWithNames): Pick<RunObject, 'parent'> {
  return run && label && stage ? { parent: { run, label, stage } } : {};
}

/** As the workflow refuses it (workflows/messages.ts). */
function canChange(row: RunWithNames): Can {
  if (row.statusKind === 'cancelling') return { no: 'the run is being stopped', code: 'run-cancelling' };
  return canCancel(row);
}

function canPause(row: RunWithNames): Can {
  return row.statusKind === 'paused' ? { no: 'the run is paused already', code: 'run-paused' } : canChange(row);
}

function canResume(row: RunWithNames): Can {
  if (row.statusKind === 'paused' && !isStuck(row.status)) return true;
  return row.statusKind === 'ended' ? canCancel(row) : { no: 'the run is not paused', code: 'run-not-paused' };
}

/** From the first stage's start to the end, or to now. */
function measure(row: RunWithNames): number | null {
  if (row.startedAt === null) return null;
  const end = row.endedAt === null ? Date.now() : Date.parse(row.endedAt);
  return Math.max(0, end - Date.parse(row.startedAt));
}

function canCancel(row: RunWithNames): Can {
  return row.statusKind === 'ended' ? { no: 'the run has ended', code: 'run-ended' } : true;
}

export function canRerun(row: Pick<RunWithNames, 'statusKind' | 'label' | 'expiredAt'>): Can {
  if (row.statusKind !== 'ended') return { no: `${row.label} has not ended`, code: 'run-open' };
  return isKept(row);
}

/** Whether its source and what it left are there (docs/retention.md). */
export function isKept(row: Pick<RunWithNames, 'label' | 'expiredAt'>): Can {
  if (row.expiredAt === null) return true;
  return { no: `what ${row.label} began from was kept until ${row.expiredAt.slice(0, 10)}`, code: 'run-expired' };
}

/** The right comes first: without it the state is nothing one could wait for. */
function firstNo(right: Can, state: Can): Can {
  return right === true ? state : right;
}
