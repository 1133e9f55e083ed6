import { setTimeout as pause } from 'node:timers/promises';
import { takeTurns } from '../graph/turns.ts';
import type { Measures, Workload } from '../harness/workload.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn, readQueuedMs } from './server.ts';

const MANY = 500;
const FEW = 5;
const TEXT = 'stage "build" { executor "process"; run "true" }\n';

/** More runs at once than the machine can work on, and what that means for a second workspace. */
export const w7: Workload = {
  id: 'w7',
  title: `${MANY} one-stage runs at once, and ${FEW} of another workspace behind them`,
  pace: 'long',
  limitMs: 300_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      await server.call('POST', 'workspaces?organization=main', { name: 'second' });
      for (const workspace of ['main/main', 'main/second']) {
        await server.call('POST', `pipelines?workspace=${workspace}`, { name: 'flood', text: TEXT });
      }
      await triggerAll(server, 'main/main', 20);
      await waitUntilEnded(server);
      return [
        {
          ...{ name: 'server', role: 'buildit', note: 'process executor; triggers, read model and logs included' },
          measure: () => measure(server),
        },
      ];
    }),
};

async function measure(server: BenchServer): Promise<Measures> {
  const begun = performance.now();
  await triggerAll(server, 'main/main', MANY);
  const ids = await triggerAll(server, 'main/second', FEW);
  await waitUntilEnded(server);
  const seconds = (performance.now() - begun) / 1_000;
  const waits = await Promise.all(ids.map((id) => readQueuedMs(server, id)));
  return { 'runs/s': (MANY + FEW) / seconds, 'second workspace: trigger to begun, ms': waits };
}

async function triggerAll(server: BenchServer, workspace: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  await takeTurns(Array.from({ length: count }), 8, async () => {
    const { id } = await server.call<{ id: string }>('POST', `pipelines/flood/runs?workspace=${workspace}`, {});
    ids.push(id);
  });
  return ids;
}

async function waitUntilEnded(server: BenchServer): Promise<void> {
  for (let open = 1; open > 0;) {
    await pause(50);
    const [row] = await server.database<{ open: number }[]>`
      SELECT count(*)::int AS open FROM runs WHERE status_kind <> 'ended'`;
    open = row?.open ?? 0;
  }
}
