import { runWorkflowId } from '#core/ids.ts';
import { quantile } from './quantile.ts';
import { startStack } from './stack.ts';

/**
 * Orchestration per no-op stage: time from the begin of one stage to the begin of the next in a sequence, with a real
 * Temporal, Postgres, worker and read model and the fake executor. And what a diamond of 200 costs.
 */
const STAGES = 50;
const ROUNDS = 3;

const sequence = Array.from({ length: STAGES }, (_, index) => {
  const needs = index === 0 ? '' : ` needs="s${index - 1}"`;
  return `stage "s${index}"${needs} { executor "process"; run "true" }`;
}).join('\n');
const middle = Array.from(
  { length: 198 },
  (_, index) => `stage "m${index}" needs="first" { executor "process"; run "true" }`,
);
const names = middle.map((_, index) => `"m${index}"`).join(' ');
const diamond = [
  'stage "first" { executor "process"; run "true" }',
  ...middle,
  `stage "last" { needs ${names}; executor "process"; run "true" }`,
].join('\n');

const stack = await startStack();
await stack.run(sequence);
const gaps: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const id = await stack.run(sequence);
  const begins = stack.begins.filter((begin) => begin.runId === id).map((begin) => begin.at);
  gaps.push(...begins.slice(1).map((at, index) => at - (begins[index] ?? at)));
}
const startedAt = performance.now();
const id = await stack.run(diamond);
const tookMs = performance.now() - startedAt;
const { events } = await stack.client.workflow.getHandle(runWorkflowId(id)).fetchHistory();
await stack.stop();

process.stdout.write(
  [
    `orchestration per no-op stage  p50 ${quantile(gaps, 0.5).toFixed(1)} ms  p95 ${quantile(gaps, 0.95).toFixed(1)} ms  (${gaps.length} stages)`,
    `diamond of 200 stages          ${tookMs.toFixed(0)} ms  ${((events?.length ?? 0) / 200).toFixed(2)} events a stage`,
    '',
  ].join('\n'),
);
