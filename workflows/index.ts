export { lock } from './lock/workflow.ts';
export { pipelineRun } from './pipeline-run/workflow.ts';
export { prune } from './prune/workflow.ts';
export { reconcile } from './reconcile/workflow.ts';
