import type { AttemptObject, StageObject } from '#core/rest.ts';
import { readSealed } from '#core/sealed-text.ts';
import type { AttemptRow, StageRow } from '#db/rows.ts';

/** A node with its attempts, oldest first. */
export function toStageObject(row: StageRow, attempts: readonly AttemptRow[]): StageObject {
  return {
    id: row.id,
    topic: `run:${row.runId}`,
    seq: row.seq,
    createdAt: row.createdAt,
    status: row.status,
    runId: row.runId,
    kind: row.kind,
    name: row.name,
    stage: row.stage,
    leg: row.leg,
    position: row.position,
    needs: row.needs,
    executor: row.executor,
    attempts: attempts.map(toAttemptObject),
    reason: row.reason,
    outputs: hideSealed(row.outputs),
    carriedFrom: row.carriedFrom,
    extendedMs: row.extendedMs,
  };
}

/** Secret outputs by name alone. */
function hideSealed(outputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, readSealed(value) === null ? value : '***']),
  );
}

function toAttemptObject(row: AttemptRow): AttemptObject {
  const { result, status } = row;
  return {
    attempt: row.attempt,
    status: status.kind === 'running' && row.heartbeatAt ? { ...status, heartbeatAt: row.heartbeatAt } : status,
    exitCode: result?.exitCode ?? null,
    step: result?.step ?? null,
    reason: result?.reason ?? (status.kind === 'ended' ? status.reason : null),
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    runner: row.hostId,
    image: row.image,
    serviceImages: row.serviceImages ?? {},
    log: { lines: row.logLines, bytes: row.logBytes, ended: row.logEnded },
    caches: result?.caches ?? [],
    tests: row.tests,
    fault: result?.fault ? describeFault(result.fault) : null,
  };
}

function describeFault(fault: { code: string; message: string; cause?: string; fix?: string }) {
  const { code, message, cause, fix } = fault;
  return { code, message, ...(cause ? { cause } : {}), ...(fix ? { fix } : {}) };
}

/** Stages with their attempts, in the order of the stages. */
export function joinAttempts(stages: readonly StageRow[], attempts: readonly AttemptRow[]): StageObject[] {
  const byStage = Map.groupBy(attempts, (attempt) => attempt.stage);
  return stages.map((stage) => toStageObject(stage, byStage.get(stage.name) ?? []));
}
