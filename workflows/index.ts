export { pipelineRun } from './pipeline-run/workflow.ts';
export { reconcile } from './reconcile/workflow.ts';
