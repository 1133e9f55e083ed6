import { type GraphStage, hasFailed, isExecuting } from '../graph-stage.ts';

/** What the others are dimmed for. */
export type GraphFilter = 'failed' | 'running' | 'waiting';

/** Whether one of the stages that a node shows is looked for. */
export function matchesNode(members: readonly GraphStage[], search: string, filter: GraphFilter | null): boolean {
  const text = search.trim().toLowerCase();
  return members.some(
    (stage) => (text === '' || stage.name.toLowerCase().includes(text)) && (filter === null || isOf(stage, filter)),
  );
}

function isOf(stage: GraphStage, filter: GraphFilter): boolean {
  switch (filter) {
    case 'failed':
      return hasFailed(stage);
    case 'running':
      return isExecuting(stage);
    case 'waiting':
      return stage.status !== null && ['waiting', 'queued', 'paused'].includes(stage.status.kind);
    default:
      return filter satisfies never;
  }
}
