/**
 * Dynamic configuration of the embedded Temporal server.
 *
 * - Fairness and priority hold only inside a partition, so there is one.
 * - A history shard loads its transfer queue at most 20 times a second by default. A run whose stages follow one
 *   another needs two loads a stage (workflow task, activity), so each stage took exactly 100 ms; with the limit out
 *   of the way it takes about 25.
 * - The index of workflows is written once a second: of a run that is over by then its end alone, where its start,
 *   the kind of its worker and its end were a fifth of what the server did for it. The reconciler alone reads it.
 * - A workflow whose task failed four times in a row is marked in that index (by default from 1.31 on, after five): the
 *   reconciler is told of those, and asks a thousand others nothing.
 */
export const TEMPORAL_SETTINGS: readonly string[] = [
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.visibilityProcessorMaxPollRPS=1',
  'history.visibilityTaskBatchSize=1000',
  'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=4',
];
