import type { InboxBroken, InboxDecision, InboxRun } from '#core/rest-inbox.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import type { FirstBrokenRow, NewestDecisionRow } from '#db/queries/inbox.ts';
import type { Principal } from '../access/principal.ts';
import { toRunSummary } from './pipeline-object.ts';
import { toRunObject } from './run-object.ts';
import { urlOfRun } from './run-url.ts';

export function toInboxRun(row: RunWithNames, principal: Principal): InboxRun {
  return {
    ...toRunSummary(row),
    workspace: row.workspace,
    pipeline: { id: row.pipelineId, name: row.pipelineName },
    url: urlOfRun(row),
    can: { rerun: toRunObject(row, [], principal).can.rerun },
  };
}

/** `first`: the run with which it began; the run itself where that is not told. */
export function toInboxBroken(
  row: RunWithNames,
  first: FirstBrokenRow | undefined,
  runs: ReadonlyMap<string, RunWithNames>,
  principal: Principal,
): InboxBroken {
  const begun = (first && runs.get(first.id)) ?? row;
  return {
    ...toInboxRun(row, principal),
    first: {
      label: begun.label,
      url: urlOfRun(begun),
      endedAt: begun.endedAt ?? begun.createdAt,
      commit: begun.commit ?? begun.git?.sha ?? null,
    },
  };
}

export function toInboxDecision(
  { gate, runId, decision }: NewestDecisionRow,
  runs: ReadonlyMap<string, RunWithNames>,
): InboxDecision[] {
  const run = runs.get(runId);
  if (!run) return [];
  const { verdict, actor, at } = decision;
  return [{ gate, verdict, by: actor.id, at, label: run.label, url: urlOfRun(run), workspace: run.workspace }];
}
