import { connectDocker } from '#activities/executor/docker/connect.ts';
import { openSandbox } from '../graph/docker.ts';
import { sequence } from '../graph/graph.ts';
import { openPeers } from '../graph/peers.ts';
import { runCommand } from '../harness/command.ts';
import type { System, Workload } from '../harness/workload.ts';
import { openEngine } from './engine.ts';
import { apiFloor, commandFloor, DOCKER_ENDPOINT, warmRun } from './graph-systems.ts';
import { openIn } from './scope.ts';

const TEN = sequence(
  'ten',
  Array.from({ length: 10 }, (_, index) => [`echo stage ${index}`]),
);

export const w3a: Workload = {
  id: 'w3a',
  title: 'ten stages in sequence, each in a container of its own',
  pace: 'middle',
  limitMs: 420_000,
  open: () =>
    openIn(async (scope) => [
      commandFloor('10 × docker run', TEN),
      await apiFloor(scope, '10 × engine API, shared network', TEN),
      warmRun(await openEngine(scope, 'warm'), TEN),
      ...(await openPeers(scope.folder, TEN)),
    ]),
};

const STEPS = 200;
const EXECS = 10;
const stepsOf = (count: number) => Array.from({ length: count }, (_, index) => `echo step ${index}`);

/** What a further step costs: one stage of 200 less one of 1, in the same round. */
export const w3b: Workload = {
  id: 'w3b',
  title: '`run` steps inside one stage',
  pace: 'short',
  limitMs: 240_000,
  open: () =>
    openIn(async (scope) => {
      const engine = await openEngine(scope, 'warm');
      const one = warmRun(engine, sequence('one', [stepsOf(1)]));
      const many = warmRun(engine, sequence('many', [stepsOf(STEPS)]));
      const wall = async (system: System) => Number((await system.measure())['wall, ms']);
      const sandbox = await openSandbox(connectDocker(DOCKER_ENDPOINT));
      scope.defer(() => sandbox.remove({ force: true }));
      const ours: System = {
        ...{ name: 'buildit run', role: 'buildit', note: `a stage of ${STEPS} steps less one of 1, by the step` },
        measure: async () => ({ 'step, ms': (-(await wall(one)) + (await wall(many))) / (STEPS - 1) }),
      };
      const exec: System = {
        ...{ name: 'docker exec', role: 'floor', note: `${EXECS} in a container that runs, by the step` },
        async measure() {
          let ms = 0;
          for (const step of stepsOf(EXECS)) {
            ms += (await runCommand('docker', ['exec', sandbox.id, 'sh', '-ec', step], { cwd: '/' })).ms;
          }
          return { 'step, ms': ms / EXECS };
        },
      };
      return [exec, ours];
    }),
};
