import { fileURLToPath } from 'node:url';
import { sequence } from '../graph/graph.ts';
import { toKdl } from '../graph/kdl.ts';
import { openPeers } from '../graph/peers.ts';
import type { System, Workload } from '../harness/workload.ts';
import { openEngine } from './engine.ts';
import { commandFloor, warmRun } from './graph-systems.ts';
import { openIn } from './scope.ts';

const ECHO = sequence('echo', [['echo Hello from BuildIt'], ['echo world is up']]);

const HELLO = fileURLToPath(new URL('../../examples/hello.kdl', import.meta.url));

/** Two stages that say hello: by an engine that runs, and by none. */
export const w1: Workload = {
  id: 'w1',
  title: 'two stages that say hello, one after the other',
  pace: 'short',
  limitMs: 240_000,
  open: () =>
    openIn(async (scope) => {
      // Of data folders of their own, so that the warm engine stays warm.
      const warm = await openEngine(scope, 'warm');
      const cold = await openEngine(scope, 'cold');
      const path = cold.write('echo.kdl', toKdl(ECHO));
      const coldRun: System = {
        ...{ name: 'buildit run, cold', role: 'buildit', note: 'no engine of its data folder; page cache warm' },
        async measure() {
          await cold.stop();
          const { ms, firstLineMs } = await cold.run('run', path);
          await cold.stop();
          return { 'wall, ms': ms, 'first line, ms': firstLineMs };
        },
      };
      return [
        commandFloor('2 × docker run', ECHO),
        warmRun(warm, ECHO),
        coldRun,
        {
          ...{ name: 'buildit run examples/hello.kdl', role: 'buildit' },
          note: 'warm engine; one process stage with a copy of this repository, not to be slower than the two',
          measure: async () => ({ 'wall, ms': (await warm.run('run', HELLO)).ms }),
        },
        ...(await openPeers(scope.folder, ECHO)),
      ];
    }),
};
