import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { checkInvariants, type ExpectedRun, findLeftovers } from '../faults/check-invariants.ts';
import { openLab } from '../faults/lab.ts';
import { openRandom } from '../faults/random.ts';
import { pickFault } from './faults.ts';
import { writeRandomPipeline } from './random-pipeline.ts';
import { formatTally, type Happening } from './tally.ts';

/**
 * `npm run chaos -- --minutes N --seed S`: random runs on the product's own processes, random faults under them, then
 * the invariants of docs/durability.md. Exit 1 when one does not hold. The seed decides what is run and what goes wrong
 * in which order; when exactly is up to the machine.
 */
const HOSTS = ['left', 'right'];
const OPEN_RUNS = 4;
const FAULT_MS = { least: 500, most: 5_000 };
/** After the last fault: what is open must end, and what has ended must be gone. */
const RECOVERY_MS = 180_000;

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 5);
const seed = Number(values.seed ?? randomInt(1_000_000));
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('usage: npm run chaos -- [--minutes N] [--seed S]');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`seed ${seed}, ${minutes} minutes`);

const lab = await openLab({ hosts: HOSTS, workersEach: 1 });
const random = openRandom(seed);
const expected: ExpectedRun[] = [];
const happenings: Happening[] = [];
const open = new Set<string>();
const until = performance.now() + minutes * 60_000;
let isInterrupted = false;
const isOver = (): boolean => isInterrupted || performance.now() > until;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    void lab.dispose().finally(() => process.exit(130));
  });
}

/** One of those who start runs: one after the other. */
async function keepRunning(user: number): Promise<void> {
  const own = openRandom(seed * OPEN_RUNS + user);
  for (let count = 1; !isOver(); count += 1) {
    const { text, ending } = writeRandomPipeline(own, `chaos-${user}-${count}`, HOSTS);
    const run = await lab.start(text);
    expected.push({ run, endings: [ending, 'cancelled'] });
    open.add(run.id);
    await lab.awaitEnd(run.id);
    open.delete(run.id);
  }
}

async function keepBreaking(): Promise<void> {
  while (!isOver()) {
    await pause(random.whole(FAULT_MS.least, FAULT_MS.most));
    const fault = pickFault(random);
    happenings.push({ fault: fault.name, openRuns: [...open] });
    await fault.happen(lab, random, [...open]);
  }
}

/** False when it takes longer than everything may take to recover. */
async function settles(work: Promise<unknown>): Promise<boolean> {
  const late = pause(RECOVERY_MS + minutes * 60_000, 'late', { ref: false });
  return (await Promise.race([work, late])) !== 'late';
}

const users = Array.from({ length: OPEN_RUNS }, (_, user) => keepRunning(user));
const isEnded = await settles(Promise.all([...users, keepBreaking()]));
const leftUntil = performance.now() + RECOVERY_MS;
while (isEnded && (await findLeftovers(lab)).length > 0 && performance.now() < leftUntil) await pause(1_000);
const breaches = isEnded
  ? await checkInvariants(lab, expected)
  : [...open].map((runId) => ({ invariant: 'N2', runId, seen: 'it did not end' }) as const);
say(formatTally(happenings, breaches));
const deaths = [lab.api, ...Object.values(lab.workers).flat()].map(({ name, deaths: of }) => `${name} ${of.length}`);
say(`${expected.length} runs, ${happenings.length} faults; deaths: ${deaths.join(', ')}`);
for (const { invariant, runId, seen } of breaches) say(`${invariant} ${runId ?? 'of all'}: ${seen}`);
say(`${breaches.length === 0 ? 'every invariant holds' : `${breaches.length} breaches`}; seed ${seed}`);
await lab.dispose();
process.exit(breaches.length === 0 ? 0 : 1);
