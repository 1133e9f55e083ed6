import { setTimeout as pause } from 'node:timers/promises';
import { sequence } from '../graph/graph.ts';
import { toKdl } from '../graph/kdl.ts';
import type { System, Workload } from '../harness/workload.ts';
import { apiFloor, commandFloor } from './graph-systems.ts';
import { openIn } from './scope.ts';
import { openServerIn, readQueuedMs, runAndWatch } from './server.ts';

const ONE = sequence('one', [['echo hi']]);
const TWO = sequence('two', [['echo hi'], ['echo hi']]);

/** A warm server: from a trigger by the API to the end as a watching client sees it. */
export const w2: Workload = {
  id: 'w2',
  title: 'one run on a warm server, from its trigger to the end that a client sees',
  pace: 'short',
  limitMs: 180_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      const watched = async (name: string, text: string, title: string): Promise<System> => {
        await server.createPipeline(name, text);
        return {
          ...{ name: title, role: 'buildit', note: 'durable, its log kept; box of a warm pool' },
          async measure() {
            const { id, ms } = await runAndWatch(server, name);
            // What a run leaves to be removed is not charged to the next system.
            await pause(700);
            return { 'wall, ms': ms, 'queued to begun, ms': await readQueuedMs(server, id) };
          },
        };
      };
      return [
        commandFloor('docker run', ONE),
        await apiFloor(scope, 'engine API, shared network', ONE),
        await watched('one', toKdl(ONE), 'one stage'),
        await watched('two', toKdl(TWO), 'two stages'),
        await watched('process', 'stage "a" { executor "process"; run "true" }\n', 'one process stage'),
      ];
    }),
};
