import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineRole } from '#core/engine-file.ts';
import type { Measures, System, Workload } from '../harness/workload.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn } from './server.ts';

const KILLS = 3;
const ROLES = ['worker', 'api', 'temporal', 'postgres'] as const satisfies EngineRole[];

/** A stage that prints the time until it is told to end, while processes under it are killed. */
export const w13: Workload = {
  id: 'w13',
  title: '`kill -9` under a running stage: until a line printed after it can be read',
  pace: 'long',
  limitMs: 420_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      const script = [
        `echo begun >> '${scope.folder}/ledger'`,
        `until [ -e '${scope.folder}/go' ]; do date +%s%3N | tee -a '${scope.folder}/said'; sleep 0.1; done`,
      ];
      await server.createPipeline(
        'clock',
        `stage "clock" { executor "process"; ${script.map((line) => `run #"${line}"#`).join('; ')} }\n`,
      );
      return ROLES.map((role): System => ({
        ...{
          name: role,
          role: 'buildit',
          note: `killed ${KILLS} times in one stage; what it printed is compared with its own record`,
        },
        measure: () => measure(server, scope.folder, role),
      }));
    }),
};

async function measure(server: BenchServer, folder: string, role: EngineRole): Promise<Measures> {
  for (const name of ['ledger', 'said', 'go']) rmSync(join(folder, name), { force: true });
  const { id } = await server.call<{ id: string }>('POST', 'pipelines/clock/runs', {});
  await waitForLine(server, id, 0);
  const recovered: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const killedAt = Date.now();
    process.kill(findProcess(server, role), 'SIGKILL');
    await waitForLine(server, id, killedAt);
    recovered.push(Date.now() - killedAt);
    // Five deaths of a part in a minute are given up on (ENGINE 5).
    await pause(10_000);
  }
  writeFileSync(join(folder, 'go'), '');
  await waitForEnd(server, id);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const stored = await text(await server.client.readRawLog(id, 'clock', 1));
  return {
    'next line, ms': recovered,
    'begun twice': read('ledger').split('\n').length - 2,
    'lines lost or twice': countDifference(read('said'), stored),
  };
}

/** As the engine's file has it now: a part that is being started again has a new number. */
function findProcess(server: BenchServer, role: EngineRole): number {
  const { temporal, postgres, processes } = server.engine();
  if (role === 'temporal') return temporal.pid;
  if (role === 'postgres') return postgres.pid;
  const found = processes.find((known) => known.role === role);
  if (!found) throw new Error(`there is no ${role}`);
  return found.pid;
}

/** Until the stored log ends with a line printed after that moment; whoever answers may be away meanwhile. */
async function waitForLine(server: BenchServer, id: string, afterMs: number): Promise<void> {
  for (;;) {
    try {
      const rows = await server.client.readLog(id, 'clock', 1, { tail: 1 });
      const last = rows.at(-1);
      if (last && 'text' in last && Number(last.text) > afterMs) return;
    } catch {
      // Not begun, or the part that answers is being started.
    }
    await pause(20);
  }
}

async function waitForEnd(server: BenchServer, id: string): Promise<void> {
  for (;;) {
    const { status } = await server.client.getRun(id);
    if (status.kind === 'ended' && status.ending === 'passed') return;
    if (status.kind === 'ended') throw new Error(`the run ended ${status.ending}`);
    await pause(100);
  }
}

/** Lines that only one of them has, counted as often as they stand there. */
function countDifference(said: string, stored: string): number {
  const counts = new Map<string, number>();
  for (const line of said.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of stored.split('\n')) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}
