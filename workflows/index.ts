export { pipelineRun } from './pipeline-run/workflow.ts';
