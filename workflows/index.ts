export { lock } from './lock/workflow.ts';
export { pipelineRun } from './pipeline-run/workflow.ts';
export { reconcile } from './reconcile/workflow.ts';
