import { diamond } from '../graph/graph.ts';
import { toKdl } from '../graph/kdl.ts';
import { openMake } from '../graph/make.ts';
import { openPeers } from '../graph/peers.ts';
import { runCommand } from '../harness/command.ts';
import type { System, Workload } from '../harness/workload.ts';
import { openEngine } from './engine.ts';
import { readHistory } from './history.ts';
import { openIn, type Scope } from './scope.ts';

/** A diamond of so many no-op stages in the process executor. */
function diamondOf(id: string, stages: number, pace: Workload['pace'], limitMs: number): Workload {
  const graph = diamond(`diamond${stages}`, stages);
  return {
    ...{ id, pace, limitMs, title: `a diamond of ${stages.toLocaleString('en-US')} no-op stages as processes` },
    open: () =>
      openIn(async (scope) => {
        const make = await openMake(scope.folder, graph);
        const others = stages > 200 ? [] : [await orchestrationOnly(scope), ...(await openPeers(scope.folder, graph))];
        return [
          {
            ...{ name: 'make', role: 'floor', note: '`-j2`; a shell a job, nothing isolated, kept or logged' },
            async measure() {
              const ms = await make();
              return { 'stage, ms': ms / stages, 'wall, ms': ms };
            },
          },
          spawnFloor(stages),
          await wholeEngine(scope, stages),
          ...others.map((system) => byStage(system, stages)),
        ];
      }),
  };
}

export const w5a = diamondOf('w5a', 200, 'middle', 300_000);
export const w5b = diamondOf('w5b', 1_000, 'long', 600_000);
export const w5c = diamondOf('w5c', 5_000, 'long', 1_200_000);

/** A supervisor and its child for each stage, one after the other. */
function spawnFloor(stages: number): System {
  return {
    ...{ name: 'spawn, twice a stage', role: 'floor', note: 'from a small process of Node, one after the other' },
    async measure() {
      const script = `const {spawnSync} = require('node:child_process');
        for (let i = 0; i < ${2 * stages}; i++) spawnSync('/bin/true')`;
      const { ms } = await runCommand(process.execPath, ['-e', script], { cwd: '/' });
      return { 'stage, ms': ms / stages, 'wall, ms': ms };
    },
  };
}

/** Legs of matrices, since a file has an end; of 1,000 and more there are several. */
function textOf(stages: number): string {
  if (stages <= 200) return toKdl(diamond(`diamond${stages}`, stages));
  const parts = Math.ceil((stages - 2) / 200);
  const middle = Array.from({ length: parts }, (_, part) => {
    const legs = Math.min(200, stages - 2 - 200 * part);
    const values = Array.from({ length: legs }, (_, leg) => `"${leg}"`).join(' ');
    return `stage "m${part}" { needs "first"; matrix { axis "leg" ${values} }; run "true" }\n`;
  });
  const names = middle.map((_, part) => `"m${part}"`).join(' ');
  const [first, last] = ['stage "first" { run "true" }\n', `stage "last" { needs ${names}; run "true" }\n`];
  return `pipeline "diamond${stages}" { executor "process" }\n${first}${middle.join('')}${last}`;
}

async function wholeEngine(scope: Scope, stages: number): Promise<System> {
  const engine = await openEngine(scope, 'warm');
  const path = engine.write('diamond.kdl', textOf(stages));
  return {
    ...{ name: 'buildit run', role: 'buildit', note: 'warm engine; durable, a supervisor and a log each' },
    async measure() {
      const { ms } = await engine.run('run', path, '--quiet');
      const { events, bytes, executions } = await readHistory(engine.file());
      return {
        ...{ 'stage, ms': ms / stages, 'wall, ms': ms },
        ...{ 'history events a stage': events / stages, 'history bytes a stage': bytes / stages },
        'executions of the workflow': executions,
      };
    },
  };
}

/** Peers tell their wall alone. */
const byStage = (system: System, stages: number): System => ({
  ...system,
  async measure() {
    const measures = await system.measure();
    const wall = measures['wall, ms'];
    return typeof wall === 'number' ? { 'stage, ms': wall / stages, ...measures } : measures;
  },
});

const SEQUENCE = 50;

/** The fake executor, so that nothing hides behind a program: from the begin of one stage to that of the next. */
async function orchestrationOnly({ defer }: Scope): Promise<System> {
  const { startStack } = await import('../stack.ts');
  const stack = await startStack();
  defer(() => stack.stop());
  const text = Array.from({ length: SEQUENCE }, (_, index) => {
    const needs = index === 0 ? '' : `needs="s${index - 1}" `;
    return `stage "s${index}" ${needs}{ executor "process"; run "true" }\n`;
  }).join('');
  return {
    ...{ name: 'orchestration only', role: 'buildit' },
    note: `${SEQUENCE} stages in sequence that do nothing; Temporal, Postgres, worker and read model are real`,
    async measure() {
      const id = await stack.run(text);
      const begins = stack.begins.filter((begin) => begin.runId === id).map(({ at }) => at);
      return { 'begin to begin, ms': begins.slice(1).map((at, index) => at - (begins[index] ?? at)) };
    },
  };
}
