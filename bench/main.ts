import { parseArgs } from 'node:util';
import { watchMachine } from './harness/machine.ts';
import { writeResult } from './harness/result.ts';
import { runRounds, within } from './harness/rounds.ts';
import { formatResultTable } from './harness/table.ts';
import { type OpenWorkload, PACES, type Workload } from './harness/workload.ts';
import { selectWorkloads } from './workloads.ts';

/**
 * `npm run bench -- [WORKLOAD…] [--rounds N]`: `w3` means w3a and w3b, no name all of them. Writes the samples of each
 * to bench/results and prints its table; `npm run bench:table` puts all of them into docs/benchmarks.md. Ends with 1
 * when something of ours or a floor failed.
 */
const { values, positionals } = parseArgs({ options: { rounds: { type: 'string' } }, allowPositionals: true });
const rounds = values.rounds === undefined ? null : Number(values.rounds);
if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0)) throw new Error('--rounds takes a number above 0');

// Whoever interrupts it leaves no engine, container or folder behind.
let opening: Promise<OpenWorkload> | null = null;
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  const close = async () => {
    interrupted.abort();
    await (await opening)?.close();
  };
  process.once(signal, () => void close().finally(() => process.exit(130)));
}

for (const workload of selectWorkloads(positionals)) {
  try {
    if (!(await measure(workload))) process.exitCode = 1;
  } catch (error) {
    process.stdout.write(`${workload.id} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
  // Who interrupted it ends it, once everything is closed.
  if (interrupted.signal.aborted) await new Promise(() => {});
}
// A sample that was given up may still hold the process.
process.exit();

/** Whether everything that is not a peer did its work. */
async function measure(workload: Workload): Promise<boolean> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(`\n${workload.id}  ${workload.title}`);
  const readMachine = watchMachine();
  opening = workload.open();
  const open = await within(workload.limitMs, opening);
  try {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const wanted = rounds ?? PACES[workload.pace].rounds;
    const lines = await runRounds(workload, open, { rounds: wanted, seed, report: print });
    // What fails because its parts were taken away is no result.
    if (interrupted.signal.aborted) return false;
    const systems = open.systems.map(({ name, role, note }) => ({ name, role, note }));
    const { id, title } = workload;
    const result = {
      header: { kind: 'header' as const, workload: id, title, seed, rounds: wanted, machine: readMachine(), systems },
      lines,
    };
    print(`\n${formatResultTable(result)}\n${writeResult(result)}`);
    const peers = new Set(systems.filter(({ role }) => role === 'peer').map(({ name }) => name));
    return lines.every((line) => line.kind === 'sample' || peers.has(line.system));
  } finally {
    if (!interrupted.signal.aborted) {
      opening = null;
      await open.close();
    }
  }
}
