import type { Status } from '#core/run.ts';

/** A node as the graph, the timeline and the table know it: of a run, or of a plan that has not run. */
export interface GraphStage {
  kind: 'stage' | 'gate';
  name: string;
  /** Name without the leg. */
  stage: string;
  leg: Record<string, string> | null;
  needs: readonly { to: string; on: string }[];
  /** Null before the first run. */
  status: Status | null;
  attempts: number;
  /** Of its first attempt; ISO. */
  startedAt: string | null;
  /** Of its last attempt, null while one runs. */
  endedAt: string | null;
  /** Half of its passed attempts took no longer; where nothing of that is known it is not there. */
  usualMs?: number;
  /** Who added it to the open run. */
  generatedBy?: string;
}

export function hasFailed({ status }: Pick<GraphStage, 'status'>): boolean {
  if (status?.kind !== 'ended') return false;
  return ['failed', 'errored', 'timed-out', 'rejected'].includes(status.ending);
}

/** A person has to say yes or no. */
export function awaitsDecision({ status }: Pick<GraphStage, 'status'>): boolean {
  return status?.kind === 'waiting' && status.reason.code === 'gate';
}

export function isExecuting({ status }: Pick<GraphStage, 'status'>): boolean {
  return status?.kind === 'running' || status?.kind === 'cancelling';
}
